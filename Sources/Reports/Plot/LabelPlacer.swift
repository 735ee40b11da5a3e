import Foundation

/// Finds room for labels beside their points: never over another label or a marker, over few dots.
struct LabelPlacer: Sendable {
    /// Labels stay within.
    let frame: Box
    /// From a point to the near edge of its label, at most.
    let farthest: Double
    private var occupied: [Box] = []
    private var dots: [Point] = []

    /// Starts with an empty frame.
    init(frame: Box, farthest: Double = 120) {
        self.frame = frame
        self.farthest = farthest
    }

    /// A place for a label.
    struct Spot: Sendable {
        /// The box of the text.
        let box: Box
        /// Where the text starts.
        let baseline: Point
        /// From the point to the nearest edge of the box.
        let distance: Double

        /// The point of the box's edge nearest to `target`.
        func nearestEdge(to target: Point) -> Point {
            Point(
                x: min(max(target.x, box.x), box.right), y: min(max(target.y, box.y), box.bottom))
        }
    }

    /// Keeps labels off a box.
    mutating func occupy(_ box: Box) { occupied.append(box) }

    /// Makes labels avoid dots where they can.
    mutating func scatter(_ points: [Point]) { dots.append(contentsOf: points) }

    /// Makes labels avoid a line where they can; pieces with an end that is not finite are left out.
    mutating func avoid(lineThrough points: [Point]) {
        for (a, b) in zip(points, points.dropFirst()) where a.isFinite && b.isFinite {
            let length = hypot(b.x - a.x, b.y - a.y)
            let steps = max(1, Int(length / 6))
            for step in 0...steps {
                let share = Double(step) / Double(steps)
                dots.append(Point(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y)))
            }
        }
    }

    /// The boxes that are taken: markers, names and the labels placed so far.
    var taken: [Box] { occupied }

    /// Finds and takes the best place for `text`, or nil where there is none within reach.
    mutating func place(_ text: String, near target: Point, size: Double, isBold: Bool = false) -> Spot? {
        let width = TextWidth.of(text, size: size) * (isBold ? 1.12 : 1) + 4
        let height = size + 4
        var best: (spot: Spot, cost: Double)?
        for reach in [10.0, 18, 30, 46, 66, 90, 120] where reach <= farthest {
            for step in 0..<16 {
                let angle = Double(step) * .pi / 8
                let box = Self.box(width: width, height: height, around: target, reach: reach, angle: angle)
                guard frame.contains(box), !occupied.contains(where: { $0.overlaps(box) }) else { continue }
                let covered = dots.reduce(0) { $0 + (box.contains($1) ? 1 : 0) }
                let cost = reach + 4 * Double(covered) + (step == 0 ? 0 : 3)
                if cost < best?.cost ?? .infinity {
                    best = (Self.spot(box, target: target, size: size), cost)
                }
            }
        }
        if let best { occupied.append(best.spot.box) }
        return best?.spot
    }

    /// A box whose near edge lies `reach` away from the target in the direction of the angle.
    private static func box(
        width: Double, height: Double, around target: Point, reach: Double, angle: Double
    ) -> Box {
        let across = cos(angle)
        let down = sin(angle)
        let centre = Point(
            x: target.x + across * (reach + width / 2), y: target.y + down * (reach + height / 2))
        return Box(x: centre.x - width / 2, y: centre.y - height / 2, width: width, height: height)
    }

    private static func spot(_ box: Box, target: Point, size: Double) -> Spot {
        let near = Point(
            x: min(max(target.x, box.x), box.right), y: min(max(target.y, box.y), box.bottom))
        let distance =
            ((near.x - target.x) * (near.x - target.x)
            + (near.y - target.y) * (near.y - target.y)).squareRoot()
        return Spot(
            box: box, baseline: Point(x: box.x + 2, y: box.bottom - 2 - size * 0.15), distance: distance)
    }
}
