import Testing

@testable import Reports

/// Labels never overlap each other, markers, or the frame's edge.
struct PlotLabelTests {
    static let frame = Box(x: 50, y: 10, width: 600, height: 300)

    @Test("many labels at one point find places of their own, or none")
    func crowd() {
        var placer = LabelPlacer(frame: Self.frame)
        let marker = Box(x: 345, y: 155, width: 10, height: 10)
        placer.occupy(marker)
        var boxes = [marker]
        for index in 0..<60 {
            if let spot = placer.place("label \(index)", near: Point(x: 350, y: 160), size: 12) {
                #expect(!boxes.contains { $0.overlaps(spot.box) })
                #expect(Self.frame.contains(spot.box))
                #expect(spot.box.contains(spot.baseline))
                boxes.append(spot.box)
            }
        }
        #expect(boxes.count > 10)
        #expect(placer.taken.count == boxes.count)
    }

    @Test("labels in corners stay within", arguments: [(50.0, 10.0), (650, 10), (50, 310), (650, 310)])
    func corners(x: Double, y: Double) {
        var placer = LabelPlacer(frame: Self.frame)
        let spot = placer.place("gaussian-diagonal", near: Point(x: x, y: y), size: 14)
        #expect(spot.map { Self.frame.contains($0.box) } == true)
    }

    @Test("the first choice is to the right; dots push a label elsewhere")
    func dots() throws {
        var free = LabelPlacer(frame: Self.frame)
        let target = Point(x: 300, y: 150)
        let first = free.place("name", near: target, size: 12)
        let right = try #require(first)
        #expect(right.box.x > target.x)
        var crowded = LabelPlacer(frame: Self.frame)
        crowded.avoid(lineThrough: [target, Point(x: 600, y: 150), Point(x: .nan, y: 0)])
        let second = crowded.place("name", near: target, size: 12)
        let other = try #require(second)
        #expect(other.box.y > 150 || other.box.bottom < 150 || other.box.right < 300)
    }

    @Test("bold text is wider, and stays off its marker")
    func bold() throws {
        var (plain, strong) = (LabelPlacer(frame: Self.frame), LabelPlacer(frame: Self.frame))
        let target = Point(x: 300, y: 150)
        let first = plain.place("generated", near: target, size: 14)
        let second = strong.place("generated", near: target, size: 14, isBold: true)
        #expect(try #require(second).box.width > 1.1 * #require(first).box.width - 0.5)
    }

    @Test("a label wider than the frame is left out")
    func tooWide() {
        var placer = LabelPlacer(frame: Self.frame)
        #expect(placer.place(String(repeating: "wide", count: 60), near: Point(x: 300, y: 100), size: 12) == nil)
    }

    @Test("longer text is wider, and width follows size")
    func width() {
        #expect(TextWidth.of("mm", size: 10) > TextWidth.of("ii", size: 10))
        #expect(TextWidth.of("abc", size: 20) == 2 * TextWidth.of("abc", size: 10))
        #expect(TextWidth.of("", size: 10) == 0)
    }

    @Test("boxes that only touch do not overlap")
    func touching() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        #expect(!box.overlaps(Box(x: 10, y: 0, width: 5, height: 5)))
        #expect(box.overlaps(Box(x: 9, y: 9, width: 5, height: 5)))
    }
}
