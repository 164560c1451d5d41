"""What marketing and the people team talk about."""

MARKETING = """
Landing page for {product} is ready for review
The headline promises too much, legal will not like "never fails"
Changed to "built to last"

Newsletter goes out {day} {time}, {big} recipients
Test mail has a broken link in the footer
Fixed, sending again

Booth in {city}: corner, power on both sides
Great, who brings the demo unit?
I pack it with the {part} samples

Photos from {customer} are released
In writing?
Signed form is in the folder

Webinar had {n} registrations, {n} came
Recording?
Up on {day}

Agency quote for the video: {amount}
Too much for two minutes
Negotiating

Please keep {product} out of the talk in {city}
Embargo until the launch, I know
Thanks

Case study {customer}: second draft at {url}
Numbers need a source
Adding footnotes

Ad spend is {percent} over plan in {month}
The fair
Then book it on the fair

Blog: who writes about calibration?
I can, need {name} for the facts
Thursday coffee?

Translations for {city} are back
The third paragraph is a bit stiff
I will rewrite it

Logo on the box is off by two millimetres
Printer says within tolerance
Not within mine
"""

PEOPLE = """
Welcome {name} to the {city} office! Starts {day}
Welcome!!
Great to have you here

Fire drill on {day} at {time}, please leave the building calmly
Do we get coffee outside?
If it does not rain

Holiday requests for {month} until {date} please
Done
Also done

First aid course has {n} free places
Put me down
Me too please

Pay slips are online
Thanks
Mine has the wrong address, I write you

Survey is open until {day}, it takes {n} minutes
Anonymous?
Yes, groups smaller than five are not shown

Interview with the firmware candidate at {time} in {room}
I take the technical part
I ask the rest

The lift in {city} is out of order until {day}
Good for the legs
Not with the oscilloscope

Parental leave form has a new version
Where?
{url}

Summer party: {food}, music, no speeches
Best plan ever
I heard there will be one speech

Car park closed on {date}, resurfacing
Bike then
Train

Reminder: mandatory training on information security, {n} people missing
I did it
Link please?
{url}
"""
