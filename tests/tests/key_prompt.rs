//! `frontdeskd key set` at a terminal: what is typed is not shown, and whatever ends the prompt leaves the terminal as it was. The terminal
//! is that of `script`, which every Debian has; nothing is stored, because every prompt here is given up.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Ends the prompt as its first word says that it is there.
const PROMPT: &str = "Key (it is not shown): ";

/// Longest wait for anything that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the terminal says of itself when it shows what is typed.
const ECHO_IS_ON: &str = " echo ";

/// A terminal with the prompt in it. After the prompt a shell prints the exit code and the terminal's mode.
struct Terminal {
    script: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    shown: String,
    _data: TempDir,
}

impl Terminal {
    /// Waits until the prompt is there.
    fn with_prompt() -> Self {
        let program = frontdesk_tests::program("FRONTDESK_TEST_HEADLESS").unwrap();
        let data = tempfile::tempdir().unwrap();
        // The inner shell becomes the program, so its number is the program's.
        let prompt = format!(
            "echo number=$$; exec '{}' --data-dir '{}' key set",
            program.display(),
            data.path().display()
        );
        let session =
            r#"echo "terminal=$(tty)"; stty -a; sh -c "$PROMPT_COMMAND_OF_THE_TEST"; echo "code=$?"; stty -a"#;
        let mut script = Command::new("script")
            .args(["--quiet", "--echo", "always", "--command", session, "/dev/null"])
            .env("PROMPT_COMMAND_OF_THE_TEST", prompt)
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let keys = script.stdin.take().unwrap();
        let screen = script.stdout.take().unwrap();
        let mut terminal = Self {
            script,
            keys,
            screen,
            shown: String::new(),
            _data: data,
        };
        while !terminal.shown.contains(PROMPT) {
            assert!(terminal.read() > 0, "no prompt came: {}", terminal.shown);
        }
        assert!(terminal.shown.contains(ECHO_IS_ON), "{}", terminal.shown);
        // The prompt is written before the echo goes off, and what is pressed in between would be shown.
        let started = Instant::now();
        while terminal.mode().contains(ECHO_IS_ON) {
            assert!(started.elapsed() < PATIENCE, "the prompt shows what is typed");
        }
        terminal
    }

    /// What `stty` says of the terminal now.
    fn mode(&self) -> String {
        let asked = Command::new("stty")
            .args(["-a", "-F", self.value("terminal")])
            .output()
            .unwrap();
        assert!(asked.status.success(), "{asked:?}");
        String::from_utf8(asked.stdout).unwrap()
    }

    /// What the session printed behind `name=`.
    fn value(&self, name: &str) -> &str {
        let (_, value) = self.shown.split_once(&format!("{name}=")).unwrap();
        value.lines().next().unwrap().trim()
    }

    fn read(&mut self) -> usize {
        let mut bytes = [0; 4096];
        let count = self.screen.read(&mut bytes).unwrap();
        self.shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        count
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Sends a signal to the program.
    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, self.value("number")])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// What was shown from the prompt on, when all is over.
    fn rest(mut self) -> String {
        while self.read() > 0 {}
        self.script.wait().unwrap();
        let (_, rest) = self.shown.split_once(PROMPT).unwrap();
        rest.to_owned()
    }
}

#[test]
fn ctrl_c_at_the_prompt_gives_the_terminal_back_as_it_was() {
    let mut terminal = Terminal::with_prompt();
    terminal.press("sk-half-a-key\u{3}");
    let rest = terminal.rest();
    assert!(rest.contains("code=130"), "{rest}");
    assert!(rest.contains(ECHO_IS_ON), "{rest}");
    assert!(!rest.contains("half-a-key"), "what was typed was shown: {rest}");
}

#[test]
fn an_interrupt_from_elsewhere_gives_the_terminal_back_as_it_was() {
    let terminal = Terminal::with_prompt();
    terminal.signal("INT");
    let rest = terminal.rest();
    assert!(rest.contains("code=130"), "{rest}");
    assert!(rest.contains(ECHO_IS_ON), "{rest}");
}
