"""What everybody talks about, and short answers."""

SMALLTALK = """
Good morning!
Morning
Morning everyone, coffee?

Who is in for {food} today?
Me!
Me too, {time}?
See you downstairs

Did you see the match?
Don't tell me, I recorded it
Then close this chat

Somebody left a green umbrella in {room}
Mine, thank you!
There is also a lunch box, it is alive

Rain again in {city}
Sun here in {city}, sorry
Show off

My train is {n} minutes late, please start without me
No worries
We have not started anyway

Happy birthday {name}!!
Happy birthday!
Cake in the kitchen
Thank you all, come and get some

Does anyone have a phone charger in {city}?
Desk by the window, second drawer
Life saver

Weekend plans?
Hiking if the weather holds
Sleeping
Painting the kitchen, wish me luck

The coffee machine says "descale"
It always says descale
Descaled it. It now says "fill water"

Book tip: the one about the lighthouse keeper
Read it, cried
Adding to the list

Anyone selling a bike?
{name} is, ask nicely
Blue one, {n} gears, one careful owner

New plant in {room}, it is called Gerald
Hello Gerald
Who waters Gerald?

Quiz night on {day}, we need one more
In
Team name?
The Calibrated Guesses

My cat walked over the keyboard, ignore the last message
Best message of the week
Promote the cat

Photo from {city}, sunrise over the harbour
Beautiful
Wallpaper material

Is the office open on {date}?
Bank holiday, closed
Lovely

Lunch club: {food} on {day}?
Yes please
Vegetarian option?
Of course

I found the lost mug
THE mug?
The mug. Behind the printer

Can you recommend a dentist in {city}?
I send you a name
Thanks!

Reminder that the fridge is emptied on {day}
My cheese!
Take your cheese

Ping pong final at {time}
{name} wins again
Not if I practise
"""

REPLIES = """
ok

thanks!

on it

done

+1

yes

no idea, sorry

👍

🙏

😂

will do

looking now

give me {n} minutes

makes sense

perfect

agreed

can we talk about this tomorrow?

I call you

not today

great work {name}
"""
