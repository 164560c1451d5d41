"""What finance and the leadership talk about."""

FINANCE = """
{inv} for {customer} is still unpaid, 34 days over now. Who chases?
I will call them today. Their portal rejected the PO number last time
Thanks. If it slips past {day} I have to book a provision

Can somebody approve {po}? {supplier} wants confirmation before {time}
Approved. Please attach the second quote next time, it is over the threshold
Will do, sorry

Bank reconciliation for {city} does not tie, difference of {amount}
Looks like the FX on the {supplier} payment was booked twice
Found it, reversing now. Good catch

The accrual for freight looks low: {amount} against {amount} last month
Two containers were held at customs, the invoices come in {month}
Then accrue for them please, service date decides

Reminder: timesheets close at {time} today, otherwise no cost allocation for the month
Done for our team
Ours too

Intercompany {city} to {city}: I have {amount}, you have {amount}?
You are missing {inv}, it was raised on the last day
Ah yes. Matches now

Did the deposit from {customer} arrive? The contract says 30% on signature
Value date {date}. I put it in deferred revenue until delivery
Good, keep it there until the acceptance certificate is signed

New VAT code for the {city} entity is live from {date}, please stop using the old one
Does it apply to credit notes as well?
Yes, for everything dated after that

Expenses from the {city} trip are with me. {name}, the hotel receipt is missing page two
Scanned it again, sent by mail
Got it, approved

Cash forecast for the week: {amount} in, {amount} out. Tight on {day}
Can we move the {supplier} run by two days?
Asked them, they agreed to {day}

Depreciation run finished, {n} assets without a cost centre
List please, I will assign them
{url}

The auditors ask for a sample of {n} sales invoices with delivery notes
I have most of them, three are missing from {customer}
{name}, can the warehouse send the signed ones?

Budget versus actual: travel is {percent} over, freight {percent} under
Travel is the launch, it was agreed in {month}
Then I need that in writing for the file

Credit note for {inv}? Customer returned {n} units of {part}
Waiting for the return inspection, then I issue it
OK, do not net it with the next order please

Who owns {doc}? Version in the folder is from {date}
Mine. Updating tonight
Thank you, reviewers need it by {day}

Cut-off check: {n} shipments on the last day, which of them left before midnight?
The carrier scan says {n}. The rest belongs to the next period
Agreed, moving those

Payroll file uploaded, {big} lines, no rejects
Approved by me
And by me, releasing

The price variance on {part} is {amount} this month, why?
{supplier} raised the surcharge again
We should have been told before the order went out

{customer} wants 90 days instead of 45
Not without a credit check. Limit is {amount}
Understood, I will tell {name}

Hedging: sold forward {amount} against the {city} receivable
Booked. Confirmation attached to the deal ticket
Thanks

Inventory count in {city}: {n} differences, largest {amount}
Recount ordered for {day}
Please freeze movements while they count

Lease for {room} renews on {date}, do we keep it?
Yes, {name} signed the extension
Send me the signed copy for the schedule

Two invoices from {supplier} with the same number, {inv}
Second one is a duplicate, different bank account on it!
Do not pay. Call them on the number we have on file, not the one on the invoice

Month-end checklist is at {percent} done, late items are mine
Mine too, waiting for stock valuation
Valuation lands at {time}
"""

LEADERSHIP = """
Board pack goes out on {day}. I still miss the page on {product}
Coming tonight, numbers changed after the {customer} call
Please no surprises in the appendix

Where do we stand on the quarter?
Orders fine, shipments behind. {customer} moved acceptance to {month}
Then we say so. I would rather explain it than dress it up

Headcount: {n} open roles, I would freeze all but firmware and support
Agreed for two months
I need one in compliance, the regulator is not going to wait

Investor call moved to {time}
Fine for me
I will dial in from {city}

Offsite in {city}: one day on {product}, one day on suppliers?
And half a day on quality please
OK, drafting the agenda

{customer} called me directly about delays. Third time this month
I know. {supplier} is the root of it
Let's decide on a second source by {day}

Press asked about {product} again, we say nothing until the launch
Agreed
Same line from all of us please

Can we talk before the audit committee? Ten minutes
{time} works, my office
See you there

Insurance renewal is up {percent}. Broker says claims history
We had two claims
Get a second quote
"""
