"""What sales talks about."""

SALES = """
{customer} wants a quote for {n} units of {product} by {day}
List price is in the system, you can go down {percent} without asking
They want more than that
Then it goes to {name}

Demo with {customer} went well, they liked the alarm view
Did they ask about integration?
Yes, OPC UA. I said we have it

We lost Hexley to Quillon, price
By how much?
{percent}. Nothing we could have done without losing money

Pipeline review at {time}, please update your stages before
Mine are up to date
Mine by noon

Who has the reference letter from {customer}?
Third folder under references, name starts with the year
Found it, thanks

{customer} signed! {amount} first year
Congratulations!!
Drinks are on {name}

They ask for a penalty of {percent} per week of delay
Legal allows half a percent, capped at five
I try

Sample {product} for {city}, can we send one without an order?
Loan agreement please, form at {url}
Sent

Meeting with {customer} moved to {date}, their plant manager is ill
Again?
Third time. I bring cake

What is the lead time on {product} now?
{n} days, {part} is the bottleneck
I can't sell that. Can we split the delivery?

Forecast for {month}: {amount} commit, {amount} upside
Which upside is real?
{customer}, the rest is hope

{customer} wants to talk to a user in the same industry
Ask {name}, their plant is an hour away
Arranged for {day}

The tender of {customer} is out, deadline {date}
{n} pages. Who takes the technical part?
I do, give me two evenings

New discount matrix is live
Where?
{url}, read the footnotes

Did {inv} go out with the right address? They moved
Old one. Stopping it
Thanks, just in time

Visit report {customer}: happy with {product}, unhappy with packaging
Packaging again
I tell {name}

Renewal of {customer} is due {date}, they want a two year price lock
With an index clause fine
Fair

Trade fair list: {n} leads, {n} of them hot
Calling the hot ones this week
Take the ones from {city}, I know them

Commission statement looks wrong, {customer} is missing
It was booked in the next month because acceptance was late
OK that explains it

Is the {customer} order in before the quarter ends?
Signature yes, delivery no
Then it counts next quarter, ask finance before you promise anything
"""
