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
    /// Say it again.
    Repeat,
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

    /// Whether it compares services.
    pub fn compares(self) -> bool {
        matches!(self, Self::Cheapest | Self::Dearest | Self::Quickest | Self::Longest)
    }
}

/// Topics that callers of any trade ask about, as groups of phrases that mean the same.
pub(super) const WALK_IN: Concept = Concept::Topic(0);

/// Phrases by meaning, separated by `/`. Where phrases overlap the longest holds.
pub(super) const PHRASES: &[(Concept, &str)] = &[
    (
        Concept::Price,
        "how much/free/free of charge/for free/at no cost/price/pricing/price list/price range/cost/charge/fee/rates/expensive/costly/what do you charge/what would it run/how \
         many dollars/how pricey/pricey/affordable/what would i pay/what will i pay/what do i pay/what am i paying/what would i owe",
    ),
    (
        Concept::Duration,
        "how long/how much time/how many minutes/how many hours/how quick/how quickly/how fast/how soon will it be done/duration/take long/time \
         does it take/length of time/time needed/time required/how long does it take/how long will it take/be done in/long does it take/time for/and time/time will it take/time would it take/time do i need",
    ),
    (
        Concept::Hours,
        "opening hours/business hours/office hours/working hours/hours of operation/store hours/hours/open/opened/opening/close/closed/closing/opening \
         time/closing time/what time do you/what times/when do you open/when do you close/shut/until when/till when/how late/how \
         early/when do you start/when do you finish/when are you there/open till/open until/close for lunch/closed for lunch/lunch break/open during lunch/open over lunch/open at lunch/are you around/is anyone there",
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
         i come/where should i come/where to go/what part of town/where exactly/come to you/drive to you/your place/where you guys are/where you located",
    ),
    (
        Concept::Phone,
        "phone number/telephone number/phone/telephone/number to call/number to reach/contact number/what number/your number/number can i call/number do i \
         call/by phone/call you directly/number for you",
    ),
    (
        Concept::Email,
        "email/e mail/email address/mail address/write to you/send you a message/e mail address/by email",
    ),
    (
        Concept::Contact,
        "contact/contact details/contact information/reach you/get in touch/get hold of you/get a hold of you",
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
         do you specialize in/specialize/what is on offer/services/what can i get done/what can i have done/what options/what services are there",
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
         in/want to come in/set up time/new appointment/appointments available/see someone/do you have time/appointment please/are you free",
    ),
    (
        Concept::ChangeBooking,
        "cancel my appointment/cancel my booking/reschedule my/move my appointment/change my appointment/postpone my appointment/cancel appointment \
         for/my appointment tomorrow/my appointment today/cancel my reservation/change my booking/confirm my appointment/check my appointment",
    ),
    (
        Concept::CallBack,
        "call me back/call back/callback/ring me back/return my call/leave message/take message/take down message/leave my number/leave my name/have \
         someone call/have somebody call/someone call me/somebody call me/get back to me/take my details/take my number/take my name/give me a \
         call/pass on message/pass message/pass it on/pass this on/leave my details/contact me/reach me/phone me/call me",
    ),
    (
        Concept::Human,
        "speak to person/talk to person/speak to human/talk to human/speak with human/talk with human/real person/real human/human being/speak to \
         someone/talk to someone/speak with someone/talk with someone/speak to somebody/talk to somebody/speak with person/talk with person/speak \
         to manager/talk to manager/speak with manager/speak to owner/talk to owner/speak with owner/operator/representative/agent/put me \
         through/transfer me/connect me/live person/actual person/speak to mechanic/speak to member/human please/speak to staff/talk to staff/an \
         actual human/speak to one of/talk to one of/speak to real/talk to real/speak to an actual/speak to live/talk to live/speak directly",
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
         more time please/didnt catch/excuse me what/sorry what/what was it again/tell me again/did not catch/missed that/i did not quite",
    ),
    (
        Concept::Thanks,
        "thank you/thanks/thank/appreciate/appreciate it/cheers/thanks a lot/many thanks",
    ),
    (
        Concept::Goodbye,
        "bye/goodbye/good bye/bye bye/see you/have a good day/have a nice day/have a great day/have a good one/that is all/that will be all/that would be \
         all/nothing else/that is it/that was all/i am done/i am all set/all set/talk later/talk to you later/take care/have a good evening/have a \
         nice evening/good night/that is everything/no more questions/end the call/hang up/no that is all/all i needed/all i wanted to know/i am good thanks",
    ),
    (
        Concept::Greeting,
        "hello/hi/hey/good morning/good afternoon/good evening/hi there/hello there/greetings/hey there/howdy",
    ),
    (
        Concept::Wellbeing,
        "how are you/how is it going/how are you doing/how do you do/how have you been/how is your day/how are things",
    ),
    (
        Concept::Yes,
        "yes/yeah/yep/yup/sure/correct/right/exactly/okay/ok/please do/of course/that is right/that is correct/go ahead/absolutely/sounds good/uh huh/mm \
         hmm/definitely/certainly/why not/i would/that works/that would be great/that would be nice/that would be good/perfect/fine/go for it/i do/affirmative/indeed/\
         you got it/all good/all correct/looks good/that sounds right",
    ),
    (
        Concept::No,
        "no/nope/nah/no thanks/no thank you/not really/not now/not today/negative/not necessary/no need/rather not",
    ),
    (
        Concept::Wrong,
        "wrong/incorrect/not right/not correct/mistake/that is not/it is not/not quite/misheard/mistaken/change the/correct the/correct that",
    ),
    (
        Concept::Never,
        "never mind/nevermind/forget it/forget about it/stop it/cancel that/leave it/skip it/drop it/do not bother/changed my mind",
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
        Concept::Topic(33),
        "house call/home visit/come to my house/come to my home/mobile service/come to me/on site visit/at my home",
    ),
];
