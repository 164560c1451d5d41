"""What support talks about."""

SUPPORT = """
{case}: {customer} sees no data since {time}
Gateway is offline, last heartbeat from {city}
SIM was suspended by the carrier, calling them
Back online

{case} is breaching in {n} minutes
Taking it
You are great

Customer asks for the root cause of {case}
Engineering has {ticket}, answer on {day}
I send a holding reply

Does anybody know the default PIN of {product}?
There is none any more since {version}, it is on the label
Right, thanks

{customer} wants their readings as CSV, {n} months
Export has a limit of one month at a time
I run it {n} times then

Field visit {city} done, two {part} replaced, all green
Photos in the case
Invoice or warranty?
Warranty

{case}: readings jump by {percent} every night
Is there a pump nearby?
There is. Grounding. Sending the guide

Queue is at {n} this morning
Half of it is the password mail
Known, fix is rolling out

{customer} is angry about {case}, can somebody senior call?
I do it at {time}
Thank you, details are in the case

Template for the outage notice is at {url}
Please use it, no free style
Yes chef

Which firmware fixes the negative flow bug?
{version}, notes are out
Rolling it to {customer} tonight

Spare {product} for {city}: none in stock
Take one from the demo pool
Sent, tracking follows

{case} reopened, same symptom
Let me look at the log
Time zone. It is always the time zone

Handover to {city}: three open, {case} is the hot one
Got it, sleep well
Good night

Satisfaction this month {n} answers, {percent} unhappy
Reasons?
Delivery, not product

Remote session with {customer} at {time}, who joins?
I join, need the VPN profile
In the vault

{name} can you translate the reply for {case}?
Done, please check the part about the refund
Perfect
"""
