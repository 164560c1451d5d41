"""What legal and compliance talk about."""

LEGAL = """
NDA with {customer} is back with changes, they struck the residuals clause
We can live with that, the term is what matters
Sending the signed version today

Can I use {customer}'s logo in the deck?
Only with written consent, clause 14 in the frame agreement
OK, asking them

Who is the signatory for {city}?
Two directors jointly. {name} and one more
Then it will be {day}, she travels

{supplier} sent their own terms with the order confirmation
Reject them in writing please, battle of forms
Template is at {url}

Data processing agreement for the new cloud region: who reviewed it?
I did, two open points: audit rights and sub-processors
Let's not go live before both are closed

Subject access request from a former employee, due in 30 days
Chat history as well?
Yes, everything that relates to the person. Please do not delete anything

Export licence for {product} to {city}: classification says no licence needed
Which version of the list?
The {month} one, I attach the memo

Retention schedule: chat is two years except finance channels, those are seven
And anything under hold, whatever the schedule says
Right, hold beats schedule. Always

Please remember: requests from a regulator go to legal first, do not answer them yourselves
Understood
Passed on to the team

Warranty clause for {customer}: they want 36 months
Product says 24. I can offer 24 plus an option
Send it, they will sign

Conflict of interest form from {name} is overdue
Reminded twice
Third time I go to the manager

Trademark search for {product} is clean in {n} countries
And in class 9?
Including class 9, one similar mark but dormant

Litigation hold reminder for the {supplier} matter: keep mails, chats, drawings, notes
Does that include the supplier channel?
Yes, that one first of all

Contract repository: {n} agreements expire before {date}
Send me the sales ones
{url}

Gift from {supplier}, a hamper of about 60 euros
Over the limit, please register and share it with the office
Registered. The cheese was excellent

Whistleblower line had one new case, I open a file
Independent of the line manager please
Of course

Do we need a works council consultation for the new monitoring?
In Hamburg yes, before the pilot
I will prepare the paper

Limitation of liability: they ask for uncapped
Never. Cap at contract value, carve-outs as usual
Playing it back to them

{name} asks whether chat messages count as business records
They do. Same rules as e-mail
We should train on that again
"""
