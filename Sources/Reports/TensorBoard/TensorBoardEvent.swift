/// One event of an event file, as TensorBoard reads it: when, at which step, and what.
///
/// The message is TensorFlow's `Event` (`tensorflow/core/util/event.proto`) with a `Summary` of one value. Scalars are in
/// single precision, for that is what the message has.
public struct TensorBoardEvent: Sendable, Equatable {
    /// What an event tells.
    public enum Content: Sendable, Equatable {
        /// The first event of every file.
        case version
        /// From here on a session writes anew: TensorBoard forgets what earlier files say of this step and later ones.
        case sessionStart
        /// A number of a curve.
        case scalar(tag: String, Double)
        /// How numbers are spread.
        case histogram(tag: String, EventHistogram)
        /// A text in Markdown.
        case text(tag: String, String)
    }

    /// Seconds since 1970.
    public var wallTime: Double
    /// The step of the training.
    public var step: Int
    /// What it tells.
    public var content: Content

    /// Puts an event together.
    public init(wallTime: Double, step: Int, _ content: Content) {
        (self.wallTime, self.step, self.content) = (wallTime, step, content)
    }

    /// The event as a record of an event file.
    public var record: [UInt8] { EventRecord.framed(message) }

    /// The message alone.
    var message: [UInt8] {
        var event = ProtocolBuffer()
        event.add(1, wallTime)
        event.add(2, step)
        switch content {
        case .version: event.add(3, "brain.Event:2")
        case .sessionStart: event.add(7) { $0.add(1, 1) }
        case .scalar(let tag, let value): event.add(5) { Self.value(tag, &$0) { $0.add(2, Float(value)) } }
        case .histogram(let tag, let histogram):
            event.add(5) { Self.value(tag, &$0) { $0.add(5) { Self.fill(&$0, histogram) } } }
        case .text(let tag, let text): event.add(5) { Self.value(tag, &$0) { Self.fill(&$0, text) } }
        }
        return event.bytes
    }

    private static func value(
        _ tag: String, _ summary: inout ProtocolBuffer, _ fill: (inout ProtocolBuffer) -> Void
    ) {
        summary.add(1) {
            $0.add(1, tag)
            fill(&$0)
        }
    }

    private static func fill(_ message: inout ProtocolBuffer, _ histogram: EventHistogram) {
        message.add(1, histogram.minimum)
        message.add(2, histogram.maximum)
        message.add(3, histogram.count)
        message.add(4, histogram.sum)
        message.add(5, histogram.sumOfSquares)
        message.add(6, packed: histogram.limits)
        message.add(7, packed: histogram.counts)
    }

    /// A tensor of one text, which the plug-in `text` shows.
    private static func fill(_ message: inout ProtocolBuffer, _ text: String) {
        message.add(8) { tensor in
            tensor.add(1, 7)  // DT_STRING
            tensor.add(2) { $0.add(2) { $0.add(1, 1) } }
            tensor.add(8, bytes: Array(text.utf8))
        }
        message.add(9) { $0.add(1) { $0.add(1, "text") } }
    }
}
