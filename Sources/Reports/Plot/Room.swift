/// How wide a picture is drawn: a page shows the widest one that fits, so that its text keeps its size.
enum Room: String, CaseIterable, Sendable {
    /// A page's width, half of it, and a telephone's; the widest first.
    case page, column, phone

    /// Width of a picture in pixels.
    var width: Double {
        switch self {
        case .page: 1080
        case .column: 530
        case .phone: 334
        }
    }

    /// Height of a picture that is `full` pixels high on a page.
    func height(_ full: Double) -> Double {
        switch self {
        case .page: full
        case .column: min(full, 400)
        case .phone: min(full, 330)
        }
    }

    /// Room around the frame of a plot.
    var margins: Plot.Margins {
        self == .phone ? Plot.Margins(right: 10, left: 56) : Plot.Margins()
    }

    /// At most this many points of one series are drawn: small, and as dust.
    var mostPoints: (cloud: Int, dust: Int) {
        switch self {
        case .page: (2000, 300)
        case .column: (800, 150)
        case .phone: (400, 80)
        }
    }

    /// Where the middle of a text of 12 pixels stands that is to be centred at `x`, moved so that nothing of it is cut.
    func middle(of text: String, at x: Double) -> Double {
        let half = TextWidth.of(text, size: 12) / 2
        return max(half, min(x, width - half))
    }

    /// How far a label may stand from its point, in pixels.
    var labelReach: Double { self == .phone ? 30 : 120 }
}
