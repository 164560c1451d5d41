"""What purchasing, production, logistics and the warehouse talk about."""

OPERATIONS = """
{supplier} confirms {po}, {n} pallets, ex works {date}
Carrier booked for {day}
Thanks, telling the line

Container is stuck in {city}, customs want the origin certificate
I have the old one, the new one comes {day}
Each day costs us {amount}

{part} stock is at {n} pieces, we need {big} by {date}
Expedite from {supplier}?
Air freight, {amount} extra. I need an approval

Incoming inspection: {n} of 50 {part} out of tolerance, batch from {supplier}
Which dimension?
Bore, four hundredths over
Block the lot, 8D report please

Forklift three is out of service until {day}
Use the one from hall B
It has no side shift, but ok

Production plan week {n}: {big} units of {product}, two shifts
{part} is not enough for two shifts
Then one and a half, and Saturday

{supplier} announces a price increase of {percent} from {date}
Contract says fixed until {month}
I know, I wrote them exactly that

Delivery for {customer} left at {time}, tracking is in the order
Perfect
They wait at the gate

Cycle count aisle {n}: three bins wrong
Mixed up after the move
Corrected in the system

Can we ship {n} units of {product} partial?
Customer accepts if the certificates come along
Printing them now

Tooling for the {part} needs maintenance, burrs on the edge
How long?
Two days, then {n} thousand shots again

Second source for {part}: {supplier} sent samples
How do they look?
Good finish, measuring on {day}

Yield on line 2 is down to 100-{percent}
Solder paste batch changed on {day}
Go back to the old one and compare

Truck to {city} has space for four pallets
Take the spare parts along
Loaded

Packaging: the new insert saves {n} seconds per box
And the drop test?
Passed twice

MRP proposes {big} pieces of {part}, that can't be right
Safety stock has one zero too many
Fixed, rerun tonight

Customs broker asks for the tariff number of {product}
It is in {doc}
Found

{name}, the delivery note for {customer} has the wrong quantity
Reprinted, driver waits
Thanks

Audit of {supplier} is on {date}, who comes along?
I do, with quality
Take the gauge set

Night shift reports {n} minutes downtime, label printer
Again the ribbon
Ordering a spare printer, enough is enough
"""
