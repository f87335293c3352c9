//! One logarithmic axis: where a value lies on it, and which values it names.

/// From and to, in powers of ten and in the picture.
pub(crate) struct Axis {
    from: f64,
    to: f64,
    begin: f64,
    end: f64,
}

impl Axis {
    /// Wide enough for all the values, ending at 1, 2 or 5 times a power of ten.
    pub(crate) fn over(values: impl Iterator<Item = f64>, begin: f64, end: f64) -> Self {
        let (least, most) = values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| {
            (least.min(value), most.max(value))
        });
        let (from, to) = (round(least, false).log10(), round(most, true).log10());
        Self { from, to: to.max(from + 0.5), begin, end }
    }

    pub(crate) fn at(&self, value: f64) -> f64 {
        let part = (value.log10() - self.from) / (self.to - self.from);
        self.begin + part * (self.end - self.begin)
    }

    /// The values that are named, with their names: powers of ten, and 2 and 5 times those where few would be left.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        let steps: &[f64] = if self.to - self.from > 2.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let powers = self.from.floor() as i32..=self.to.ceil() as i32;
        let values = powers.flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)));
        let within = |value: &f64| (self.from - 1e-9..=self.to + 1e-9).contains(&value.log10());
        values.filter(within).map(|value| (value, named(value))).collect()
    }
}

/// The next of 1, 2 and 5 times a power of ten.
fn round(value: f64, up: bool) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    let near = |step: &&f64| if up { **step >= value * 0.999 } else { **step <= value * 1.001 };
    let step = if up { steps.iter().find(near) } else { steps.iter().rfind(near) };
    step.copied().unwrap_or(value)
}

fn named(value: f64) -> String {
    let (scaled, unit) = match value {
        value if value >= 1e6 => (value / 1e6, " M"),
        value if value >= 1e3 => (value / 1e3, " k"),
        value => (value, ""),
    };
    // 0.1 and the like come out of powers as a bit more.
    format!("{}{unit}", (scaled * 1e6).round() / 1e6)
}
