# ruff: noqa: E501 - prose is data: a line of talk stays on its line
"""The story lines an investigator can find, told as dated lines.

Each line: days ago, time (UTC), place (a channel, or `a/b` for a talk), speaker | text | what else happens:
`file:NAME`, `edit:AFTER:NEW TEXT`, `delete:AFTER`, `react:EMOJI`, `reply` (to the line before), `forward:PLACE`;
AFTER is in minutes or days (`5m`, `41d`). Late edits and deletions, weeks after the message, are part of them.
"""

from typing import NamedTuple


class Line(NamedTuple):
    """One thing said in a story."""

    days_ago: int
    time: str
    place: str
    speaker: str
    text: str
    more: tuple[str, ...] = ()


# Revenue booked before acceptance, and the regulator that asks about it.
EARLY_REVENUE = """
151 14:02 revenue-recognition desmond | We are 1.8 million short for the quarter. Where is Brightwater?
151 14:05 revenue-recognition tobias | Signed, but the acceptance certificate is planned for next month. Phase two has not been delivered. | reply
151 14:09 revenue-recognition desmond | The site team says it runs. Book phase two on signature. | reply | edit:41d:Please check with the site team whether phase two can be booked.
151 14:16 desmond/tobias tobias | Desmond, I can't book Brightwater without acceptance. Policy 4.2 is clear.
151 14:21 desmond/tobias desmond | Then get me a side letter with a date in this quarter. Victor knows whom to ask. | delete:60d
150 09:12 desmond/victor desmond | Need a side letter from Brightwater, acceptance as of the 30th. Keep it between us. | delete:60d
150 09:40 desmond/victor victor | Edwin will sign if we extend payment to 180 days. Do we tell accounting about the terms?
150 09:44 desmond/victor desmond | No.
149 16:20 desmond/victor victor | Here it is. | file:Brightwater side letter.pdf
149 16:45 revenue-recognition desmond | Acceptance for Brightwater phase two is in, dated the 30th. Tobias, please post. | file:Acceptance Brightwater phase 2.pdf
148 08:31 colette/tobias tobias | The certificate is dated the 30th but the file was made on the 2nd. I posted it, I don't feel well about it.
148 08:39 colette/tobias colette | Write down who told you what and when. I will do the same.
148 08:41 colette/tobias tobias | Already did. Brightwater journal entry and the chat, saved. | file:Brightwater journal entry.xlsx
97 10:15 audit-2026 philippa | Could we have the acceptance certificate for Brightwater phase two, and any side agreements on payment terms?
97 10:52 audit-2026 nadezhda | Certificate attached. I am not aware of side agreements. | reply | file:Acceptance Brightwater phase 2.pdf
97 11:03 fiona/tobias fiona | Did you see Philippa's question? Payment terms in the system are 45 days, Brightwater pays after 180. She will find it.
97 11:06 fiona/tobias tobias | I know.
44 07:55 harriet/quentin harriet | We received an inquiry from the SEC this morning: early recognition of revenue, Brightwater and Port of Ellsund, last two quarters.
44 07:58 harriet/quentin quentin | Hold notice today. Custodians: Desmond, Victor, Tobias, Colette, Nadezhda, Fiona, Renata. Chat first.
44 08:30 legal harriet | Legal hold as of now: everything on Brightwater Utilities and Port of Ellsund. Do not delete or edit anything, in any system. | file:Hold notice SEC inquiry.docx
44 08:47 desmond/victor victor | Did you see the hold notice? What about our talk in June?
44 08:49 desmond/victor desmond | Call me. Not here.
43 12:10 abigail/harriet abigail | Tobias asked me about protection for people who report. I gave him the line and your name.
"""

# The castings of Norvik crack, and who knew.
SUPPLIER = """
120 08:05 quality ingrid | Crack in a Norvik housing, found by hand at incoming inspection. Lot N-2207, porosity near the flange.
120 08:20 quality takumi | Same here on the line, two pieces this week. 同じロットです。 | reply
119 09:00 norvik-castings ingrid | Olu, lot N-2207 has porosity. We need your X-ray records and an 8D report by Friday. | file:N-2207 crack photo.png
119 11:30 norvik-castings olu | Looking into it. Our records show the lot passed. | reply
117 15:42 pieter/olu olu | Between us: the X-ray machine was down that week. They released N-2207 on the visual check only.
117 15:44 pieter/olu pieter | I need that in writing. From your director, not from you.
117 15:45 pieter/olu olu | Then forget I said it. | delete:2d
112 10:00 norvik-castings greta | Norvik rejects the complaint. Lot N-2207 was inspected according to the agreed plan, certificate attached. | file:N-2207 inspection certificate.pdf
112 10:25 pieter/ingrid ingrid | This certificate says X-ray on the 14th. Olu told you the machine was down?
112 10:27 pieter/ingrid pieter | Yes. Forwarding what I have to legal. | forward:legal
110 13:00 contracts harriet | Norvik Castings: dispute over lot N-2207. Withhold PO-44120 and PO-44125, 640,000 euros. No more talks without legal. | react:U+1F440
108 07:30 supply-chain sunita | Second source for the housing: Kirpal Metals can cast from week 32, tooling 85,000 euros.
90 09:15 brightwater-project edwin | One of the Halcyon 3 at pump house two leaks at the flange. Is that the casting problem I hear about?
90 09:33 brightwater-project renata | We will replace it this week, Edwin. I come back on the cause. | reply
90 09:36 renata/edwin edwin | Who told you not to tell us in May?
89 17:20 norvik-castings greta | We propose a settlement: credit note over 210,000 and free replacement. Without admission. | file:Norvik settlement proposal.docx
30 10:05 contracts ilya | Norvik: arbitration clause applies, seat Rotterdam. Нужна вся переписка по партии N-2207.
"""

# A leaver takes the price book along.
LEAVER = """
72 18:40 marcus/stefan marcus | Hypothetically: how long is my notice, and is there a non-compete?
72 18:44 marcus/stefan stefan | Two months, twelve months non-compete for direct competitors. Are you leaving us?
72 18:45 marcus/stefan marcus | Hypothetically. | react:U+1F914
66 21:10 marcus/tom marcus | Quillon made me an offer. They want my accounts to come along.
66 21:12 marcus/tom tom | Please don't tell me such things in the company chat.
66 21:13 marcus/tom marcus | Relax, nobody reads this. | delete:3d
61 22:31 marcus/callum marcus | Can you send me the calibration tables of Halcyon 4? For a customer.
61 22:40 marcus/callum callum | Which customer needs raw tables? Ask Jun.
60 23:02 marcus-and-friends marcus | Putting some files here so I have them on the phone | file:Price book 2026.xlsx | file:Key accounts contacts.csv | delete:1d
58 09:00 sales victor | Marcus has handed in his notice, last day is the 28th. Renata takes over Brightwater with Edwin.
57 11:15 security noa | Download of 4,100 files from the sales share by one account in two nights: marcus. 22:50 to 00:15.
57 11:18 security mateo | Went to a private drive, the proxy log has the host. | reply | file:proxy log marcus.csv
57 11:25 security quentin | Preserve the logs and his chats, do not confront him. I speak to Harriet. | reply
56 08:10 abigail/harriet abigail | Marcus is released from work as of today, account closed at noon.
"""

# A break-in through a test gateway.
INCIDENT = """
26 02:14 incidents mateo | Unusual logins on edge-07 from an address we do not know. Looking.
26 02:21 incidents noa | I am up. It uses the key of the test gateway in Leeds. Who has that gateway? | reply
26 02:26 incidents mateo | Isolating edge-07. Key was in the image since version 3.2. | reply
26 02:50 incidents noa | Indicators: 203.0.113.77, user agent curl/7.1, files in /tmp/.x. Hash of the dropper in the file. | reply | file:indicators.txt
26 03:15 incidents yael | Declare it. Harriet and Maya on the call at 04:00 please. | reply
26 05:40 noa/mateo noa | They read the readings of three customers: Brightwater, Corvane Dairy, Pellworth Hospitals. Read only, as far as I see.
26 05:43 noa/mateo mateo | Don't write the customer names in the incident channel, half the company is in there.
26 08:05 maya/noa maya | 72 hours start now. אני צריכה רשימת לקוחות ושעות מדויקות.
25 10:00 support-escalations brendan | Statement for customers on the security incident is final, nothing else leaves the house. | file:Statement security incident.docx
25 16:30 security noa | Root cause: a signing key left in the test image by the release script. Removed in 4.1.3, keys rotated. | react:U+1F64F | edit:10d:Root cause: a signing key left in the test image. Removed in 4.1.3, all keys rotated, report at https://wiki.acme.example/p/7731.
12 09:00 incidents grace | Postmortem is done. Five actions, owners in the page. Thank you all for the night. | react:U+2764 | reply
"""

# The launch of Larkspur slips, and the press hears of it.
LAUNCH = """
80 09:00 larkspur-launch saskia | Larkspur launch: 12 weeks from today. Countdown page at https://wiki.acme.example/p/2214 | file:Larkspur plan.pdf
79 13:20 larkspur-launch jun | 펌웨어는 준비됩니다. Firmware will be ready, radio certification is the risk. | reply
52 15:05 larkspur-launch grace | Drop test failed twice, corner of the housing. Norvik casting again.
52 15:11 larkspur-launch victor | We do not move the date. Reviewers get the machined samples. | reply | edit:20d:We discuss the date on Monday.
52 15:19 larkspur-launch grace | Reviewers would test something we don't sell. I want that decision written down. | reply
51 10:30 saskia/monique monique | A journalist asks whether Larkspur is late. Did somebody talk?
51 10:34 saskia/monique saskia | Not from us. Say the date stands and nothing else.
35 09:45 leadership margit | I read about our launch delay in a newspaper. Who spoke to them?
35 09:52 leadership victor | Ask Foxglove. | reply
20 14:00 larkspur-launch saskia | New date: four weeks later, with Kirpal housings. Press note attached, embargo holds. | file:Larkspur press note.docx | react:ship-it
6 08:15 larkspur-launch jun | Radio certificate arrived! 인증 완료! | react:party-sensor | react:U+1F389 | file:Radio certificate.pdf
"""


def read(story: str) -> tuple[Line, ...]:
    """The lines of a story."""
    found = []
    for row in story.strip().splitlines():
        head, text, *more = row.split(" | ")
        days_ago, time, place, speaker = head.split()
        found.append(Line(int(days_ago), time, place, speaker, text, tuple(more)))
    return tuple(found)


def minutes(after: str) -> int:
    """How long after: `5m`, `41d`."""
    return int(after[:-1]) * (24 * 60 if after.endswith("d") else 1)


ALL = tuple(line for story in (EARLY_REVENUE, SUPPLIER, LEAVER, INCIDENT, LAUNCH) for line in read(story))
