//! Turns of phrase and what they mean. Data only; inflections need not be listed, because phrases are compared by stem, and articles and
//! possessives may stand between their words.

/// What a phrase is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Concept {
    /// How much something costs.
    Price,
    /// How long something takes.
    Duration,
    /// When the company is open.
    Hours,
    /// This very moment.
    Now,
    /// A day, date or part of the week.
    Day,
    /// A time of day.
    TimeOfDay,
    /// Where the company is.
    Location,
    /// The company's telephone number.
    Phone,
    /// The company's e-mail address.
    Email,
    /// Any way to reach the company.
    Contact,
    /// The company's name, or who is on the line.
    Identity,
    /// What the company offers.
    Services,
    /// What this assistant can do.
    Abilities,
    /// Smallest price.
    Cheapest,
    /// Greatest price.
    Dearest,
    /// Shortest time.
    Quickest,
    /// Longest time.
    Longest,
    /// Wants an appointment.
    Booking,
    /// Wants to move or cancel an appointment of their own.
    ChangeBooking,
    /// A call back, or a message taken down.
    CallBack,
    /// A person instead of the assistant.
    Human,
    /// Whether the assistant is a machine.
    Robot,
    /// When an appointment of the caller's is.
    LookUp,
    /// Say it again.
    Repeat,
    /// One moment, please.
    Wait,
    /// Insults.
    Abuse,
    /// Thanks.
    Thanks,
    /// Goodbye.
    Goodbye,
    /// Hello.
    Greeting,
    /// How are you.
    Wellbeing,
    /// Consent.
    Yes,
    /// Refusal.
    No,
    /// Not what was meant.
    Wrong,
    /// Stop this.
    Never,
    /// The time of day now.
    Clock,
    /// A topic that a profile may or may not treat; the number tells topics apart.
    Topic(u8),
}

impl Concept {
    /// Whether it asks for something that is no topic of its own in a profile's text.
    pub fn is_cue(self) -> bool {
        !matches!(self, Self::Topic(_))
    }

    /// Whether it is what callers say for a piece of work, rather than a topic of its own.
    pub fn is_work(self) -> bool {
        matches!(self, Self::Topic(40..))
    }

    /// Whether it compares services.
    pub fn compares(self) -> bool {
        matches!(self, Self::Cheapest | Self::Dearest | Self::Quickest | Self::Longest)
    }
}

/// Topics that callers of any trade ask about, as groups of phrases that mean the same.
pub(crate) const WALK_IN: Concept = Concept::Topic(0);

/// What something would cost, written down.
pub(crate) const ESTIMATE: Concept = Concept::Topic(15);

/// Phrases by meaning, separated by `/`. Where phrases overlap the longest holds.
pub(super) const PHRASES: &[(Concept, &str)] = &[
    (
        Concept::Price,
        "how much/free of charge/for free/is it free/is that free/is this free/are they free/it free or/free or paid/is free or/at no cost/run me/set me back/cost me/ballpark/price on/what is the damage/what do you get for/go for/goes for/going rate/what am i looking at/would i be looking at/how much for/usually run/run about/quote me/got a price/give me a price/prices/what it cost/what it costs/what do you want for/you guys get for/you guys want for/you guys charge/how \
         expensive/what does it cost/what would it cost/charge me/price/pricing/price list/price range/cost/charge/fee/rates/expensive/costly/what do you charge/what would it run/how \
         many dollars/how pricey/pricey/affordable/what would i pay/what will i pay/what do i pay/what am i paying/what would i owe",
    ),
    (
        Concept::Duration,
        "how long/how much time/how many minutes/how many hours/how quick/how quickly/how fast/how soon will it be done/duration/take long/time \
         does it take/length of time/time needed/time required/how long does it take/how long will it take/be done in/long does it take/time for/and time/how many hours do you need/hours do you need/hours does it/hours will it/be done/be ready/be finished/get it back/have it back/take all day/all \
         day/same day/under an hour/under hour/in an hour/within an hour/in and out/time should i plan/time should i allow/wait for/have to wait/long wait/while you wait/quick job/time will it take/time would it take/time do i need",
    ),
    (
        Concept::Hours,
        "opening hours/business hours/office hours/working hours/hours of operation/store hours/hours/open/opened/opening/close/closed/closing/opening \
         time/closing time/what time do you/what times/when do you open/when do you close/shut/until when/till when/how late/how \
         early/when do you start/when do you finish/when are you there/open till/open until/close for lunch/closed for lunch/lunch break/open during lunch/open over lunch/open at lunch/are you around/be there on/anybody be there/anyone be there/somebody be there/someone be there/you guys there/you there on",
    ),
    (
        Concept::Now,
        "now/right now/at the moment/currently/at present/this moment/still open/this minute",
    ),
    (
        Concept::Day,
        "today/tomorrow/tonight/day after tomorrow/monday/tuesday/wednesday/thursday/friday/saturday/sunday/weekend/weekends/weekday/weekdays/this \
         week/next week/during week/holiday/public holiday/bank holiday/january/february/march/april/june/july/august/september/october/november/\
         december/christmas/christmas eve/christmas day/new year/new year eve/new year day/easter/easter monday/easter sunday/thanksgiving/thanksgiving \
         day/independence day/fourth of july/labor day/labour day/memorial day/good friday/boxing day/halloween/every day/each day/mondays/tuesdays/\
         wednesdays/thursdays/fridays/saturdays/sundays/day/days/evening/evenings/morning/mornings/afternoon/afternoons/night/week/date",
    ),
    (
        Concept::TimeOfDay,
        "am/pm/a m/p m/oclock/noon/midday/midnight/lunchtime/half past/quarter past/quarter to",
    ),
    (
        Concept::Location,
        "where are you/where you are/where is/where can i find you/located/location/address/direction/how do i get there/how to get there/how do i \
         get to you/get to you/find you/situated/what street/zip code/postcode/post code/which city/what city/which town/what town/where do i go/where do \
         i come/where should i come/where to go/what part of town/where exactly/come to you/drive to you/your place/where you guys are/where you located/whereabouts/where about/cross street/which side of town/what side of town/how far are you/are you near/are you \
         close to/are you on/are you the shop/are you the place/find your/find the shop/find the place/gps/how do i find/how to find/near you/where exactly are/where abouts",
    ),
    (
        Concept::Phone,
        "phone number/telephone number/phone/telephone/number to call/number to reach/contact number/what number/your number/number can i call/number do i \
         call/by phone/call you directly/number for you/text you/direct line/this number/whatsapp/call you back on/call you guys/number there/best number to",
    ),
    (
        Concept::Email,
        "email/e mail/email address/mail address/write to you/send you a message/e mail address/by email/email you/send you/e mail you",
    ),
    (
        Concept::Contact,
        "contact/contact details/contact information/reach you/get in touch/get hold of you/get a hold of you/reach you at/get ahold of you/ahold of you/reach you guys/ways to contact",
    ),
    (
        Concept::Identity,
        "who is this/who are you/what is your name/who am i speaking/who am i talking/who am i speaking to/who am i speaking with/who am i talking \
         to/who am i talking with/what company is this/which company is this/what business is this/what is this place/name of your company/name of \
         your business/name of the company/name of the business/name of the shop/name of your shop/your company name/what are you called/what place \
         is this/what is the company called/who have i reached/who did i reach/is this the/have i reached/am i speaking with",
    ),
    (
        Concept::Services,
        "what services/which services/all services/list of services/services do you offer/services do you provide/your services/what do you do/what do \
         you offer/what do you guys do/what kind of work/what type of work/what sort of work/what kind of services/what treatments/which \
         treatments/what do you provide/what can you do for me/what all do you do/what kinds of/what types of/list your/what else do you do/what \
         else do you offer/what other services/other services/everything you do/everything you offer/menu of services/service menu/range of services/what \
         do you specialize in/specialize/what is on offer/services/what can i get done/what can i have done/what options/what services are there/what all can you do/what all do you/what can you do for/what work do you do/what repairs/which repairs",
    ),
    (
        Concept::Abilities,
        "what can you help me with/what can you help with/what can you do/what are you able to do/how can you help/how does this work",
    ),
    (
        Concept::Cheapest,
        "cheapest/least expensive/lowest price/lowest cost/most affordable/lowest priced/cheaper/costs the least/cost least/least costly/less expensive/costs less/\
         costs least/smallest price",
    ),
    (
        Concept::Dearest,
        "most expensive/priciest/dearest/highest price/highest cost/costs the most/cost most/costs most/more expensive/most costly/dearer/pricier/costs more",
    ),
    (
        Concept::Quickest,
        "quickest/fastest/shortest/quicker/faster/takes the least time/take least time/least time/shorter/takes less time/goes fastest",
    ),
    (
        Concept::Longest,
        "longest/takes the longest/takes longer/take longer/longer/slowest/most time/takes more time",
    ),
    (
        Concept::Booking,
        "book/booking/make appointment/schedule/set up appointment/need appointment/want appointment/like appointment/get appointment/have \
         appointment/like to make appointment/arrange appointment/reserve/reservation/fit me in/squeeze me in/sign me up/put me down/slot/any \
         availability/next available/earliest available/first available/any openings/opening available/come in for/drop off my/drop my/get me \
         in/can i come in/could i come in/appointment for/appointment on/appointment tomorrow/appointment today/appointment next/make booking/like to come \
         in/want to come in/set up time/new appointment/appointments available/see someone/do you have time/appointment please/are you free/set something up/set up something/bring my car/bring car/bring it in/bring \
         in my/bring her in/bring him in/bring truck/bring my truck/car serviced/car looked at/car checked/car fixed/get on the schedule/get in for/fit in/get it looked/have it \
         looked/can i get in/could i get in/when can i come/when i can come/when could i come/can get in/take a look at my/look at my/slots/openings/opening/come in on/next opening/soonest/earliest/any spot/any \
         time available/any times available/anything available/anything open/anything free/how soon can/how soon could/available on/available for/availability/get me an appointment/free on/free at/free tomorrow/free today/\
         still free/still available/time available/times available/schedule look/see mechanic/checked out/looked over/get it checked/get it fixed/get it done/get this fixed/taken care of/have it checked/have it fixed/when could you do/when can you do/when could you get/when can you get/when could you take/when can you take/put me in/get me down/pencil me in/mark me down/get me scheduled/get my car in/get car in/get it in/like to get in/bring in/time to come/see a mechanic/set appointment/appointment with/make me an appointment/drop it off/drop off the car/drop car off/drop my car off/leave the car with/bring the car",
    ),
    (
        Concept::ChangeBooking,
        "cancel my appointment/cancel my booking/reschedule my/move my appointment/change my appointment/postpone my appointment/cancel appointment \
         for/my appointment tomorrow/my appointment today/cancel my reservation/change my booking",
    ),
    (
        Concept::LookUp,
        "confirm my appointment/check my appointment/check on my appointment/when is my appointment/what time is my appointment/what day is my appointment/when was \
         my appointment/where is my appointment/when am i/what time am i/what day am i/when i am supposed/what time i am supposed/when i was supposed/supposed to come in/supposed to be there/supposed to bring/do i have \
         appointment/did i book/did i make appointment/am i booked/am i still booked/am i still on/am i on the schedule/am i scheduled/look up my/look up appointment/find my appointment/find my booking/see my \
         appointment/details of my appointment/about my appointment/remind me when/remind me what/forgot when/forgot what time/forgot the time/forgot my appointment/something booked/have appointment booked/i am booked/is my appointment/my \
         appointment still/verify my appointment/double check my/look me up/is my car booked/what time did i/what day did i/when did i/have me down for/have me down/appointment under/do you have me/got me down/my booking is/when is my booking/my reservation is",
    ),
    (
        Concept::CallBack,
        "call me back/call back/callback/ring me back/return my call/leave message/take message/take down message/leave my number/leave my name/have \
         someone call/have somebody call/someone call me/somebody call me/get back to me/take my details/take my number/take my name/give me a \
         call/pass on message/pass message/pass it on/pass this on/leave my details/contact me/reach me/phone me/call me/give me a ring/ring me/give us a call/have him call/have her call/have them call/get a call/want a call/leave a note/leave word/relay/get \
         message to/pass along/text me back/someone to call/somebody to call/leave a voicemail/leave voicemail",
    ),
    (
        Concept::Human,
        "speak to person/talk to person/speak to human/talk to human/speak with human/talk with human/real person/real human/human being/speak to \
         someone/talk to someone/speak with someone/talk with someone/speak to somebody/talk to somebody/speak with person/talk with person/speak \
         to manager/talk to manager/speak with manager/speak to owner/talk to owner/speak with owner/operator/representative/agent/put me \
         through/transfer me/connect me/live person/actual person/speak to mechanic/speak to member/human please/speak to staff/talk to staff/an \
         actual human/speak to one of/talk to one of/speak to real/talk to real/speak to an actual/speak to live/talk to live/speak directly/could speak with/could speak to/can speak to/can speak with/could talk to/can talk to/could talk with/can talk with/speak to your/talk to \
         your/speak with your/want human/need human/want person/need person/get me person/get me human/get me somebody/get me someone/get me a real/somebody real/someone real/customer service/front desk/live agent/rather talk/rather \
         speak/speak to the/talk to the/speak with the/talk with the/person instead/put me on with/get me the manager/get the manager/somebody else/anyone else there/human instead/a real person please/manager please/is the manager/is manager/is owner/on the phone with a/talk with somebody",
    ),
    (
        Concept::Robot,
        "are you robot/are you human/are you real/are you bot/are you machine/are you computer/are you ai/are you person/are you recording/am i talking to \
         machine/am i talking to robot/am i talking to computer/am i talking to bot/am i talking to ai/am i talking to human/am i talking to person/am i \
         talking to real/am i talking to actual/am i talking to recording/am i speaking to machine/am i speaking to robot/am i speaking to computer/am i \
         speaking to ai/am i speaking to human/am i speaking to person/am i speaking to real/am i speaking with machine/am i speaking with robot/am i speaking \
         with human/am i speaking with person/am i speaking with real/am i talking with machine/am i talking with robot/am i talking with human/am i talking \
         with person/am i talking with real/talking to machine/talking to robot/talking to computer/is this robot/is this recording/is this machine/is this \
         ai/is this bot/is this computer/artificial intelligence/automated system/are you automated/is this automated/are you actual/is this real/are you \
         chatbot/are you living/a real person or/are you an actual/are you virtual/how old are you",
    ),
    (
        Concept::Repeat,
        "say that again/say again/say it again/repeat/repeat that/what did you say/what did you just say/what was that/pardon/pardon me/come again/once \
         more/one more time/did not catch that/did not hear/did not get that/did not understand/could not hear/could not understand/can not hear/one \
         more time please/didnt catch/excuse me what/sorry what/what was it again/tell me again/did not catch/missed that/i did not quite/what was the last/what were the/did you say/can not hear/breaking up/cut out/cutting out/bad line/line is bad/speak up/louder/slower/slow \
         down/say the last/go over that/run that by me/what was that time/time again please/what time was that/what day was that/which day was that/say what/lost you/could not catch/not get that/what did i miss/too fast/do not understand/not understand you",
    ),
    (
        Concept::Wait,
        "hold on/hang on/one moment/just moment/one second/just second/one sec/just sec/one minute/just minute/give me second/give me minute/give me moment/give me sec/give me two/wait minute/wait \
         second/wait sec/wait moment/moment please/second please/minute please/let me check/let me see/let me look/let me find/let me get/let me grab/let me think/let me pull up/let me ask/bear with me/hold \
         please/hold the line/be right back/stay on the line/do not hang up/need a moment/need a second/need a minute/got to check/looking for it/checking my/need to check/have to check/gotta check/check my calendar/check my schedule/check with my/hang on/while i find/while i look/while i get/pull over",
    ),
    (
        Concept::Abuse,
        "stupid/idiot/idiots/moron/morons/dumb/dumbass/bullshit/shit/shitty/fuck/fucking/fucked/asshole/assholes/bastard/bastards/damn/damned/goddamn/crap/crappy/useless/piece of junk/shut up/screw you/go to \
         hell/suck/crook/crooks/scam/scammer/scammers/ripoff/rip off/pathetic/worthless/garbage/hate you/bitch/jerk/trash/incompetent/thieves/liar/liars/loser/hell is wrong/dimwit/imbecile",
    ),
    (
        Concept::Thanks,
        "thank you/thanks/thank/appreciate/appreciate it/cheers/thanks a lot/many thanks/very helpful/been helpful/you are the best/you are awesome/made my day/so helpful/great help/big help/much obliged/very kind",
    ),
    (
        Concept::Goodbye,
        "bye/goodbye/good bye/bye bye/see you/have a good day/have a nice day/have a great day/have a good one/that is all/that will be all/that would be \
         all/nothing else/that is it/that was all/i am done/i am all set/all set/talk later/talk to you later/take care/have a good evening/have a \
         nice evening/good night/that is everything/no more questions/end the call/hang up/no that is all/all i needed/all i wanted to know/i am good thanks/catch you later/see ya/so long/take it easy/have a wonderful/have a lovely/have a great/have a good rest/enjoy your/have a nice/i have to go/got to go/gotta go/got to run/talk \
         soon/all i need/let you go/all for now/all for today/good day",
    ),
    (
        Concept::Greeting,
        "hello/hi/hey/good morning/good afternoon/good evening/hi there/hello there/greetings/hey there/howdy/anybody there/anyone there/are you there/is anybody there/is anyone there/can you hear me/hiya/good day to you",
    ),
    (
        Concept::Wellbeing,
        "how are you/how is it going/how are you doing/how do you do/how have you been/how is your day/how are things/how is it going/how you doing/how are you today",
    ),
    (
        Concept::Yes,
        "yes/yeah/yep/yup/sure/correct/right/exactly/okay/ok/please do/of course/that is right/that is correct/go ahead/absolutely/sounds good/uh huh/mm \
         hmm/definitely/certainly/why not/i would/that works/that would be great/that would be nice/that would be good/perfect/fine/go for it/i do/affirmative/indeed/\
         you got it/all good/all correct/looks good/that sounds right",
    ),
    (
        Concept::No,
        "no/nope/nah/say no/no to that/no thanks/no thank you/not really/not now/not today/negative/not necessary/no need/rather not",
    ),
    (
        Concept::Wrong,
        "wrong/incorrect/not right/not correct/mistake/that is not/it is not/not quite/misheard/mistaken/change the/correct the/correct that",
    ),
    (
        Concept::Never,
        "never mind/nevermind/forget it/forget about it/stop it/cancel that/leave it/skip it/drop it/do not bother/changed my mind/change my mind/do not want to book/do not want appointment/do not want it/do not want to do/do not want that/not interested/let us leave/let us stop/let us \
         forget/call another time/call you another time/try another time/try again later/call back later/i will call back/i will call you back/call you later/i will call later/no longer want/will pass/forget the/do not worry about it/scrap that/drop the whole/\
         do it another time/stop this/leave it be/not worth it/i will think about it/have to think about it/do it later",
    ),
    (
        Concept::Clock,
        "what time is it/what is the time/what day is it/what is today/what date is it/what is the date",
    ),
    (
        WALK_IN,
        "walk in/walkin/walk ins/walkins/walking in/drop in/drop by/stop by/come by/show up/just come/just come over/turn up/without appointment/do i need \
         appointment/do i have to make appointment/do i need to make appointment/do i need to book/do i have to book/do i need booking/do i need \
         reservation/appointment necessary/appointment required/appointment needed/need to make appointment/by appointment only/appointment only/have to \
         book/have to make appointment/need to book/do you need appointment/do people need appointment/is appointment/do you require appointment/must i book/pop \
         in/swing by/just walk/need to schedule/have to schedule/do i need to schedule/book ahead/book in advance/appointment recommended/without booking/\
         do you take walk ins/unannounced/no appointment",
    ),
    (
        Concept::Topic(1),
        "warranty/guarantee/guaranty/warrantied/guaranteed/warranties/stand behind your work",
    ),
    (
        Concept::Topic(2),
        "cancellation/cancel/cancelling/call off/cancellation fee/cancellation policy",
    ),
    (
        Concept::Topic(3),
        "reschedule/rescheduling/move appointment/postpone/change appointment",
    ),
    (
        Concept::Topic(4),
        "payment/pay/paying/payment method/payment option/form of payment/forms of payment/method of payment/ways to pay/way to pay/how do i pay/how can \
         i pay/american express/apple pay/google pay/credit card/debit card/bank transfer/wire transfer/take checks/accept checks/pay by check/personal check/by check/take a check/pay with check",
    ),
    (
        Concept::Topic(5),
        "financing/finance/instalment/installment/payment plan/monthly payment/pay later/pay over time/in instalments/on credit/pay monthly",
    ),
    (Concept::Topic(6), "refund/money back/get my money back/reimburse"),
    (
        Concept::Topic(7),
        "discount/coupon/special offer/promotion/promo/deals/specials/on sale/money off",
    ),
    (Concept::Topic(8), "gift card/gift certificate/gift voucher/voucher"),
    (
        Concept::Topic(9),
        "shuttle/ride/lift home/drive me/transport/transportation/pick me up/drop me off/ride home/ride to work/take me home/bring me home/shuttle \
         service/pick up service/get home/get me home/give me a lift/give me a ride/shuttle bus",
    ),
    (
        Concept::Topic(10),
        "loaner/loaner car/courtesy car/rental car/rent a car/replacement car/loan car/courtesy vehicle",
    ),
    (
        Concept::Topic(11),
        "parking/park/car park/parking lot/parking space/parking spot/where can i park/parking garage",
    ),
    (Concept::Topic(12), "wifi/wi fi/internet/wireless/internet access"),
    (
        Concept::Topic(13),
        "waiting room/waiting area/lounge/wait here/sit and wait/while i wait/wait there/wait on site/wait in the",
    ),
    (
        Concept::Topic(14),
        "wheelchair/accessible/accessibility/disabled/disability/ramp/step free/wheelchair access/wheelchair accessible/mobility",
    ),
    (
        Concept::Topic(15),
        "estimate/quote/quotation/free estimate/cost estimate",
    ),
    (Concept::Topic(16), "deliver/delivery/ship/shipping"),
    (
        Concept::Topic(17),
        "how long have you been/how long has your/how many years/years in business/since when/founded/established/how old is the company/how old is \
         your/when did you open/when were you founded/been around/been in business/years of experience/experience",
    ),
    (
        Concept::Topic(18),
        "owner/owns/who runs/founder/boss/in charge/lead/leads/leader/head of/head/principal/director",
    ),
    (
        Concept::Topic(19),
        "hiring/job opening/vacancy/career/looking for staff/job application/employment",
    ),
    (
        Concept::Topic(20),
        "running late/be late/am late/late/arrive late/late arrival/delay/delayed/miss my appointment/grace period",
    ),
    (
        Concept::Topic(21),
        "no show/not show up/not turn up/not come/not make it/not be there/not appear/do not show up/missed appointment/miss appointment/fail to show",
    ),
    (
        Concept::Topic(22),
        "certified/certification/qualified/qualification/licensed/accredited/licence",
    ),
    (
        Concept::Topic(23),
        "tow/towing/tow truck/roadside/roadside assistance/break down service",
    ),
    (
        Concept::Topic(24),
        "deposit/down payment/prepayment/pay in advance/pay upfront/upfront",
    ),
    (Concept::Topic(25), "tip/tipping/gratuity"),
    (Concept::Topic(26), "emergency/urgent/urgently/emergencies/after hours"),
    (
        Concept::Topic(27),
        "website/web site/web page/home page/online/on the internet",
    ),
    (
        Concept::Topic(28),
        "new patient/new client/new customer/first visit/first time/never been",
    ),
    (Concept::Topic(29), "privacy/personal data/confidential/data protection"),
    (
        Concept::Topic(30),
        "inspection/multi point inspection/inspect/safety check",
    ),
    (Concept::Topic(31), "loyalty/membership/member/subscription/points card"),
    (Concept::Topic(32), "pick up my/collect my/pick it up/collection"),
    (
        Concept::Topic(35),
        "call out/callout/service call/fee for coming out/charge for coming out/travel fee/trip charge",
    ),
    (
        Concept::Topic(34),
        "afraid/scared/anxious/nervous/fear/phobia/frightened/anxiety/terrified",
    ),
    (
        Concept::Topic(40),
        "brake/brakes/brake pad/brake pads/break pads/brake disc/rotor/rotors/caliper/calipers/squeaking/squeak/squeaky/squeaks/squealing/squeal/squeals/grinding/grind/grinds/brake pedal/pedal soft/pedal goes/spongy/hard to \
         stop/does not stop/takes longer to stop",
    ),
    (
        Concept::Topic(41),
        "tire/tires/tyre/tyres/flat tire/flat/puncture/punctured/blowout/nail in/wheel alignment/alignment/wheel balancing/balancing/tread/snow tires/winter tires/summer tires/all seasons/hit pothole/pulls to/pulling to/wheel/wheels/rim/rims/spare \
         tire/losing air/low on air/tire pressure/rotation",
    ),
    (
        Concept::Topic(42),
        "air conditioning/air conditioner/ac/a c/air con/aircon/blow hot/blowing hot/blows warm/blowing warm/hot air/warm air/cold air/not cold/not cooling/freon/refrigerant/climate control/not get cold/recharge",
    ),
    (
        Concept::Topic(43),
        "battery/dead battery/will not start/does not start/not start/not starting/would not start/jump start/jumped/jumping/starter/alternator/clicking when/just clicks/will not turn over/not turn over/not hold charge",
    ),
    (
        Concept::Topic(44),
        "diagnostics/diagnostic/diagnosis/diagnose/engine light/check engine/check engine light/warning light/light on my dash/light on the dash/light on my dashboard/light came on/light is on/lights on my dash/light on dash/light on dashboard/dashboard light/dash light/engine \
         trouble/engine check/misfire/misfiring/stalls/stalling/stalled/overheating/overheat/overheats/loses power/losing power/rough idle/weird noise/strange noise/funny noise/odd noise/noise under the hood/noise from the \
         engine/engine noise/knocking/clunking/clunk/thumping/whining/humming/vibrating/vibration/vibrates/leaking/leak/leaks/burning smell/smells like/weird sound/strange sound/odd sound/funny sound/making noise/making sound/noise when/jerking/jerks/hesitates/acting up/acting weird/running rough/runs rough/wrong with my/rattling/smoke/smoking/engine problem/sputtering/sputters/what is wrong with/code reader/shaking/shakes",
    ),
    (
        Concept::Topic(45),
        "tune up/tuneup/checkup/check up/regular service/general maintenance/maintenance/routine service/scheduled service/mile service/thousand mile/full service/yearly service/annual service/car serviced/once over/service it",
    ),
    (
        Concept::Topic(46),
        "oil/oil change/change oil/oil service/new oil/oil and filter/synthetic/lube/oil filter/oil changed",
    ),
    (
        Concept::Topic(33),
        "house call/home visit/come to my house/come to my home/mobile service/come to me/on site visit/at my home",
    ),
];
