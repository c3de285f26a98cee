//! How much of what callers say is written down wrongly: over a clear line, over a telephone, and with others talking beside them.
//!
//! Run with `cargo bench -p frontdesk-engine --bench hearing`; it needs the local models and the better voices, which `cargo xtask bench
//! hearing` fetches. The callers are neural voices and none of them the receptionist's own: the recorded questions, and utterances of the
//! understanding suite in the better voices. Prints every text that was not heard as it was said.

#![allow(clippy::print_stdout, reason = "the output of a measurement is its result")]

#[path = "support/figures.rs"]
mod figures;
#[path = "../tests/support/files.rs"]
mod files;
#[path = "../tests/support/labelled.rs"]
mod labelled;
#[path = "../tests/support/recordings.rs"]
mod recordings;
#[path = "../tests/support/spoken_line.rs"]
mod spoken_line;
#[path = "../tests/support/words.rs"]
mod words;

use std::collections::BTreeMap;

use figures::figure;
use frontdesk_engine::speech::{LocalVoice, Speech};
use spoken_line::{Line, babble, spoken};
use words::{word_errors, words};

/// Utterances of the suite that are spoken, each by one of the better voices in turn.
const UTTERANCES: usize = 60;

/// Silence before what is said, in samples. What is misheard changes with trifles such as this one, which nobody chooses in a call: with
/// one beginning and filters of several lengths, the errors on a telephone were between 3.9 and 5.6 % of the same words.
const BEGINNINGS: [usize; 4] = [0, 96, 192, 288];

/// Something that was said.
struct Saying {
    voice: String,
    text: String,
    sound: Vec<f32>,
}

/// Wrong words, and words that were said.
#[derive(Clone, Copy, Default)]
struct Count {
    wrong: usize,
    said: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.wrong += other.wrong;
        self.said += other.said;
    }

    fn percent(self) -> f64 {
        100.0 * self.wrong as f64 / self.said.max(1) as f64
    }
}

fn main() {
    // `cargo test --benches` wants to know whether it starts and gives no `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let speech = Speech::load(&files::model_files()).unwrap_or_else(|error| panic!("{error}"));
    let mut sayings = recorded();
    sayings.extend(in_better_voices(&speech));
    let babble = babble();
    for line in Line::ALL {
        heard(&speech, line, &sayings, &babble);
    }
}

/// The recorded questions. Their voices are named as such: some are better voices as well, with other phonemes.
fn recorded() -> Vec<Saying> {
    let sayings = recordings::questions().into_iter().map(|question| Saying {
        voice: format!("{}, recorded", question.voice),
        sound: question.samples(),
        text: question.text,
    });
    sayings.collect()
}

/// Utterances from all over the suite, the same ones every time. Of the half that was seen: what goes wrong is printed here.
fn in_better_voices(speech: &Speech) -> Vec<Saying> {
    let there = speech.synthesiser().voices();
    let voices = LocalVoice::ALL.into_iter().filter(|voice| !voice.files().is_empty());
    let voices: Vec<LocalVoice> = voices.collect();
    assert!(
        voices.iter().all(|voice| there.contains(voice)),
        "this needs the better voices; `cargo xtask bench hearing` fetches them"
    );
    let utterances = labelled::first_seen();
    let step = utterances.len() / UTTERANCES;
    let chosen = utterances.into_iter().step_by(step).take(UTTERANCES);
    let sayings = chosen.zip(voices.into_iter().cycle()).map(|(label, voice)| Saying {
        voice: voice.name().to_owned(),
        sound: spoken(speech.say(label.text.as_str(), 1.0).in_voice(voice)),
        text: label.text,
    });
    sayings.collect()
}

/// Writes everything down over one line, from several beginnings: wrong words of all, and per voice.
fn heard(speech: &Speech, line: Line, sayings: &[Saying], babble: &[f32]) {
    let (mut all, mut voices) = (Count::default(), BTreeMap::<&str, Count>::new());
    for ((at, saying), silence) in sayings
        .iter()
        .enumerate()
        .flat_map(|said| BEGINNINGS.map(|silence| (said, silence)))
    {
        let sound = [&vec![0.0; silence], saying.sound.as_slice()].concat();
        let heard = speech.recognise(&line.carries(&sound, babble, at));
        let heard = heard.unwrap_or_else(|error| panic!("{error}")).text;
        let said = words(&saying.text);
        let count = Count {
            wrong: word_errors(&said, &words(&heard)),
            said: said.len(),
        };
        if count.wrong > 0 {
            let (voice, text) = (&saying.voice, &saying.text);
            println!(
                "{} wrong over {}, {voice}: {text}\n    {heard}",
                count.wrong,
                line.name()
            );
        }
        all.add(count);
        voices.entry(&saying.voice).or_default().add(count);
    }
    let name = format!("hearing/word errors, {}", line.name());
    figure(&name, "%", &[all.percent()]);
    for (voice, count) in voices {
        figure(&format!("{name}, {voice}"), "%", &[count.percent()]);
    }
}
