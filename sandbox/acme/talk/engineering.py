"""What engineering talks about."""

ENGINEERING = """
Build {version} is red, linker error in the radio stack
Mine, forgot to push the map file. Fixed in {commit}
Green again

{ticket}: {product} reboots after {n} hours when the modem loses signal
Watchdog or brownout?
Watchdog. The retry loop starves the idle task
PR is up, please look at the backoff

Can somebody review {commit}? Small one, only the calibration table
Looking
Two comments, otherwise good

Latency on {host} is up {percent} since the last deploy
Connection pool. The new client opens one per request
Rolling back, then a proper fix

Battery test: {n} days at minus 20, cells are at {percent}
Better than the model says
The model is pessimistic below zero, we should refit it

{host} disk is at 91%
Old traces, cleaning
Can we please have an alert at 80

Flaky test again: test_reconnect_after_roaming
It depends on wall clock time. Give me an hour
You are a hero

Schema change for the readings table, {big} million rows, online?
Add the column nullable, backfill in batches
And the index concurrently, please

Who changed the sampling rate in {product} firmware {version}?
Me, {ticket}. The old rate aliased with the 50 Hz hum
Makes sense. Can you write it into the release notes

Release {version} cut from {commit}, freeze until {day}
Only fixes with a ticket please
Copy that

The antenna on {part} loses 3 dB when the lid is closed
It's the metal in the gasket
So much for the cheaper gasket

Decoder crashes on empty frames, fuzzer found it in {n} minutes
Fixed, plus a regression test
Let it run over night

Memory graph of {host}: slow climb, {n} MB a day
Looks like the cache without an upper bound
Bounded it at ten thousand entries, watching

Postmortem for {day} is at {url}, please comment before {time}
Added the timeline
Action items are mine

Do we support TLS 1.1 for {customer}'s old gateway?
No. They get an adapter box
OK I tell them nicely

Pressure drift on {n} units of the last batch, all from {supplier}
Same lot number?
Same lot. Quarantined

Can we use {part} as is for {product}?
The thread is different, half a turn. Needs an adapter
Then a drawing by {day} please

Standup: yesterday {ticket}, today {ticket}, nothing blocks me
Same here with {ticket}, waiting for lab time
Lab is free after {time}

Feature flag for the new map is at {percent}
Errors?
None. Going to half tomorrow

Why does the simulator need {n} GB?
It loads every plant. Use the small profile
Oh. Yes. Faster

Reminder: rotate the signing key before {date}
On my list, needs two people
I am the second

Grafana says ingest lag {n} minutes
Kafka rebalance, should settle
Settled

Branch protection is on for firmware now, two reviews
Finally
About time

The certificate lab wants the EMC report for {product}
Report is signed, I upload it
They also want photos of the setup
"""
