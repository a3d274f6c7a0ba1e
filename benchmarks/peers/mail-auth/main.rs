//! Reads the generated reports and records with mail-auth. The protocol is in ../README.md.

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::flate2::read::GzDecoder;
use mail_auth::mta_sts::{ReportUri, TlsRpt};
use mail_auth::report::tlsrpt::TlsReport;
use std::collections::HashSet;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

type Input = (String, Vec<u8>);

fn read_plain(bytes: &[u8]) -> Result<TlsReport, String> {
    TlsReport::parse_json(bytes).map_err(|error| format!("{error:?}"))
}

/// The two steps that TlsReport::parse_rfc5322 takes with a gzip part of a mail.
fn read_gzip(bytes: &[u8]) -> Result<TlsReport, String> {
    let mut json = Vec::new();
    GzDecoder::new(bytes)
        .read_to_end(&mut json)
        .map_err(|error| error.to_string())?;
    read_plain(&json)
}

fn read_mail(bytes: &[u8]) -> Result<TlsReport, String> {
    TlsReport::parse_rfc5322(bytes, 64 << 20).map_err(|error| format!("{error:?}"))
}

fn read_record(text: &[u8]) -> Result<TlsRpt, String> {
    TlsRpt::parse(text).map_err(|error| error.to_string())
}

fn sessions(report: &TlsReport) -> u64 {
    let both = |p: &mail_auth::report::tlsrpt::Policy| {
        u64::from(p.summary.total_success) + u64::from(p.summary.total_failure)
    };
    report.policies.iter().map(both).sum()
}

fn reports(folder: &Path, set: &str, suffix: &str) -> Vec<Input> {
    let Ok(entries) = fs::read_dir(folder.join(set)) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name.ends_with(suffix));
    names.sort();
    let read = |name: String| {
        (
            format!("{set}/{name}"),
            fs::read(folder.join(set).join(&name)).unwrap(),
        )
    };
    names.into_iter().map(read).collect()
}

fn records(folder: &Path) -> Vec<Input> {
    let text = fs::read(folder.join("records.txt")).unwrap_or_default();
    let lines = text
        .strip_suffix(b"\n")
        .unwrap_or(&text)
        .split(|&octet| octet == b'\n');
    lines
        .enumerate()
        .map(|(i, line)| (format!("records.txt:{}", i + 1), line.to_vec()))
        .collect()
}

fn say(name: &str, outcome: Result<String, String>) {
    match outcome {
        Ok(value) => println!("{name}\tread\t{value}"),
        Err(error) => println!("{name}\trefused\t{}", error.replace(['\n', '\t'], " ")),
    }
}

fn check(inputs: &[Input], read: fn(&[u8]) -> Result<TlsReport, String>) {
    for (name, bytes) in inputs {
        say(name, read(bytes).map(|report| report.to_json()));
    }
}

fn check_records(inputs: &[Input]) {
    for (name, text) in inputs {
        say(
            name,
            read_record(text).map(|record| {
                let uri = |rua: &ReportUri| match rua {
                    ReportUri::Mail(address) => format!("mailto:{address}"),
                    ReportUri::Http(url) => url.clone(),
                };
                record.rua.iter().map(uri).collect::<Vec<_>>().join(" ")
            }),
        );
    }
}

/// Reads all inputs once, then for at least 0.2 seconds; prints the nanoseconds and the rounds that
/// this took, how many inputs there are, and what a round adds up to.
fn time(inputs: &[Input], skip: &HashSet<String>, read: fn(&[u8]) -> u64) {
    let used: Vec<&[u8]> = inputs
        .iter()
        .filter(|(name, _)| !skip.contains(name))
        .map(|(_, bytes)| bytes.as_slice())
        .collect();
    let round = || used.iter().map(|bytes| read(black_box(bytes))).sum::<u64>();
    let (sum, mut rounds) = (round(), 0u32);
    let start = Instant::now();
    while start.elapsed().as_millis() < 200 {
        assert_eq!(round(), sum);
        rounds += 1;
    }
    println!(
        "{} {rounds} {} {sum}",
        start.elapsed().as_nanos(),
        used.len()
    );
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let folder = Path::new(&arguments[2]);
    if arguments[1] == "check" {
        for set in ["small", "medium"] {
            check(&reports(folder, set, ".json"), read_plain);
            check(&reports(folder, set, ".json.gz"), read_gzip);
            check(&reports(folder, set, ".eml"), read_mail);
        }
        check_records(&records(folder));
    } else {
        let skip: HashSet<String> = fs::read_to_string(&arguments[3])
            .unwrap()
            .lines()
            .map(String::from)
            .collect();
        let plain = |bytes: &[u8]| sessions(black_box(&read_plain(bytes).unwrap()));
        let gzip = |bytes: &[u8]| sessions(black_box(&read_gzip(bytes).unwrap()));
        let mail = |bytes: &[u8]| sessions(black_box(&read_mail(bytes).unwrap()));
        let record = |text: &[u8]| black_box(&read_record(text).unwrap()).rua.len() as u64;
        let inputs = [
            (
                "report/small",
                reports(folder, "small", ".json"),
                plain as fn(&[u8]) -> u64,
            ),
            ("gzip/small", reports(folder, "small", ".json.gz"), gzip),
            ("mail/small", reports(folder, "small", ".eml"), mail),
            ("report/medium", reports(folder, "medium", ".json"), plain),
            ("gzip/medium", reports(folder, "medium", ".json.gz"), gzip),
            ("record", records(folder), record),
        ];
        for line in std::io::stdin().lines() {
            let line = line.unwrap();
            let (_, inputs, read) = inputs.iter().find(|(task, ..)| *task == line).unwrap();
            time(inputs, &skip, *read);
        }
    }
}
