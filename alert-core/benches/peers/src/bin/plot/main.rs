//! Draws what grows: lines of `series TAB x TAB y` on standard input become one SVG, both axes logarithmic. It follows
//! the reader's choice of light or dark. Run by `../plots`.
//!
//! `plot "title" "x, with its unit" "y, with its unit" < points > picture.svg`

use std::io::read_to_string;

mod axis;

use axis::Axis;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 170.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 58.0;
/// Between two names at the right.
const LINE: f64 = 17.0;

/// Series by series, in the order of their first points.
type Series = Vec<(String, Vec<(f64, f64)>)>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [title, x, y] = &arguments[..] else { panic!("plot TITLE X Y < points") };
    let points = read_to_string(std::io::stdin()).expect("text");
    print!("{}", picture(title, x, y, &series(&points)));
}

fn series(points: &str) -> Series {
    let mut all = Series::new();
    for line in points.lines() {
        let mut parts = line.split('\t');
        let name = parts.next().expect("a name");
        let mut number = || parts.next().and_then(|part| part.parse::<f64>().ok()).expect("a number");
        let point = (number(), number());
        match all.iter_mut().find(|(known, _)| known == name) {
            Some((_, points)) => points.push(point),
            None => all.push((name.to_owned(), vec![point])),
        }
    }
    all
}

fn picture(title: &str, x_label: &str, y_label: &str, all: &Series) -> String {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let points = || all.iter().flat_map(|(_, points)| points);
    let x = Axis::over(points().map(|point| point.0), LEFT, right);
    let y = Axis::over(points().map(|point| point.1), bottom, TOP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title>{}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\"/>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"26\">{}</text>\n",
        escaped(title),
        escaped(title)
    );
    for (value, label) in y.ticks() {
        let at = y.at(value);
        svg += &format!("<path class=\"grid\" d=\"M{LEFT} {at:.1}H{right}\"/>\n");
        svg += &text("tick", "end", LEFT - 8.0, at + 4.5, &label);
    }
    for (value, label) in x.ticks() {
        let at = x.at(value);
        svg += &format!("<path class=\"grid\" d=\"M{at:.1} {TOP}V{bottom}\"/>\n");
        svg += &text("tick", "middle", at, bottom + 20.0, &label);
    }
    svg += &text("label", "middle", (LEFT + right) / 2.0, HEIGHT - 14.0, x_label);
    let middle = (TOP + bottom) / 2.0;
    svg += &format!(
        "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(18 {middle}) rotate(-90)\">{}</text>\n",
        escaped(y_label)
    );
    let mut ends = Vec::new();
    for (number, (name, points)) in all.iter().enumerate() {
        let places: Vec<(f64, f64)> = points.iter().map(|point| (x.at(point.0), y.at(point.1))).collect();
        let way: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        svg += &format!("<path class=\"line c{number}\" d=\"M{}\"/>\n", way.join("L"));
        for (x, y) in &places {
            svg += &format!("<circle class=\"dot c{number}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>\n");
        }
        ends.push((places.last().map_or(0.0, |end| end.1), number, name));
    }
    // Names stand where their lines end, moved apart where those end close together.
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut next = TOP;
    for (end, number, name) in ends {
        let at = end.max(next);
        next = at + LINE;
        svg += &text(&format!("name c{number}"), "start", right + 12.0, at + 4.5, name);
    }
    svg + "</svg>\n"
}

fn text(class: &str, anchor: &str, x: f64, y: f64, words: &str) -> String {
    let words = escaped(words);
    format!("<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>\n")
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;")
}

/// Each colour has a contrast of 4.5 to 1 at least on its ground.
const STYLE: &str = "
.ground{fill:#fff;stroke:#d0d7de}
.title{fill:#1f2328;font-weight:600;font-size:15px}
.label,.tick{fill:#59636e}
.grid{stroke:#e4e8ec;fill:none}
.line{fill:none;stroke-width:2}
.name{font-weight:600}
.c0{stroke:#0a5fc2;fill:#0a5fc2}.c1{stroke:#b04a00;fill:#b04a00}.c2{stroke:#1a7f37;fill:#1a7f37}.c3{stroke:#8250df;fill:#8250df}
.c4{stroke:#bf2a5a;fill:#bf2a5a}.c5{stroke:#57606a;fill:#57606a}
path.line{fill:none}text.name{stroke:none}
@media (prefers-color-scheme:dark){
.ground{fill:#151b23;stroke:#3d444d}
.title{fill:#f0f6fc}
.label,.tick{fill:#b1bac4}
.grid{stroke:#2a313c}
.c0{stroke:#6cb6ff;fill:#6cb6ff}.c1{stroke:#f69d50;fill:#f69d50}.c2{stroke:#6bc46d;fill:#6bc46d}.c3{stroke:#c297ff;fill:#c297ff}
.c4{stroke:#ff8fab;fill:#ff8fab}.c5{stroke:#adbac7;fill:#adbac7}
path.line{fill:none}text.name{stroke:none}
}
";
