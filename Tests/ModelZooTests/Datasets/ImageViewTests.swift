import Foundation
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Views of images")
struct ImageViewTests {
    /// 0 1 2 / 3 4 5 / 6 7 8.
    private let image = Dataset(
        name: "i", inputs: (0..<9).map(Float.init), sampleShape: [3, 3], labels: [0], classCount: 1)

    private func seen(_ view: ImageView) -> [Float] { view(image, range: (0, 8)).inputs }

    @Test("A quarter turn against the clock, a half turn and a mirror are NumPy's rot90 and fliplr")
    func turns() {
        #expect(seen(ImageView(turns: 1)) == [2, 5, 8, 1, 4, 7, 0, 3, 6])
        #expect(seen(ImageView(turns: 2)) == [8, 7, 6, 5, 4, 3, 2, 1, 0])
        #expect(seen(ImageView(turns: 3)) == [6, 3, 0, 7, 4, 1, 8, 5, 2])
        #expect(seen(ImageView(mirrored: true)) == [2, 1, 0, 5, 4, 3, 8, 7, 6])
        #expect(seen(ImageView(turns: 1, mirrored: true)) == [0, 3, 6, 1, 4, 7, 2, 5, 8])
        #expect(seen(ImageView(inverted: true)) == [8, 7, 6, 5, 4, 3, 2, 1, 0])
    }

    @Test("The sixteen views differ, and each shows every value once")
    func all() {
        let views = ImageView.all(turns: [0, 1, 2, 3], mirrored: true, inverted: true)
        #expect(Set(views).count == 16)
        #expect(Set(views.map { $0.sources([3, 3]) }).count == 8)
        #expect(views.allSatisfy { $0.sources([2, 3, 3]).sorted() == Array(0..<18) })
        #expect(ImageView(turns: 5) == ImageView(turns: 1) && ImageView(turns: -1) == ImageView(turns: 3))
    }

    @Test("Channels are turned each by itself; what is no image, or not square, is not turned")
    func shapes() {
        #expect(ImageView(turns: 2).sources([2, 1, 2]) == [1, 0, 3, 2])
        #expect(!ImageView(turns: 1).fits([2, 3]) && ImageView(turns: 2).fits([2, 3]))
        #expect(!ImageView(mirrored: true).fits([4]) && ImageView(inverted: true).fits([4]))
    }

    @Test("A task's data is seen as the task says, in the range of its training rows")
    func task() throws {
        let rows = ZooDataset.Split.indices(train: [0, 1], validation: [], test: [2])
        let digits = ZooDataset(name: "digits", split: rows)
        let classes = Dictionary(uniqueKeysWithValues: (0..<10).map { ("\($0)", $0) })
        let plain = try TrainingSamples.catalog.load(ZooTask(name: "t", dataset: digits, classes: classes))
        let turned = ZooTask(name: "t", dataset: digits, classes: classes, view: ImageView(turns: 2, inverted: true))
        let seen = try TrainingSamples.catalog.load(turned)
        let high = plain.train.inputs.max() ?? 0
        #expect(seen.test.inputs == plain.test.inputs.reversed().map { high - $0 })
        #expect(seen.test.labels == plain.test.labels)
    }

    @Test("Classes with views of their own are seen each in its own; the others as the task's view says")
    func classes() throws {
        let rows = ZooDataset.Split.indices(train: [0, 1, 2], validation: [], test: [3])
        let digits = ZooDataset(name: "digits", split: rows)
        let classes = Dictionary(uniqueKeysWithValues: (0..<10).map { ("\($0)", $0) })
        func seen(_ view: ImageView, _ views: [String: ImageView]? = nil) throws -> [[Float]] {
            let task = ZooTask(name: "t", dataset: digits, classes: classes, view: view, views: views)
            let inputs = try TrainingSamples.catalog.load(task).train.inputs
            return stride(from: 0, to: inputs.count, by: 64).map { Array(inputs[$0..<$0 + 64]) }
        }
        let (half, quarter) = (ImageView(turns: 2), ImageView(turns: 1, inverted: true))
        let labels = try TrainingSamples.catalog.load(ZooTask(name: "t", dataset: digits, classes: classes)).train
            .labels
        #expect(labels == [0, 1, 2])
        let mixed = try seen(half, ["0": quarter, "1": .plain])
        #expect(mixed == [try seen(quarter)[0], try seen(.plain)[1], try seen(half)[2]])
        let task = ZooTask(name: "t", dataset: digits, classes: classes, views: ["0": quarter], part: .training)
        let text = String(decoding: try JSONEncoder().encode([task]), as: UTF8.self)
        #expect(try ZooTask.list(text, path: "z") == [task])
    }

    @Test("A view is written and read back; of a table of numbers it is bad data")
    func files() throws {
        let view = ImageView(turns: 3, inverted: true)
        let rows = ZooDataset.Split.indices(train: [0], validation: [], test: [1])
        let task = ZooTask(
            name: "t", dataset: ZooDataset(name: "iris", split: rows), classes: ["0": 0, "1": 1, "2": 2], view: view,
            part: .newClasses)
        let text = String(decoding: try JSONEncoder().encode([task]), as: UTF8.self)
        #expect(try ZooTask.list(text, path: "z") == [task])
        let error = dataError { _ = try TrainingSamples.catalog.load(task) }
        #expect(error?.kind == .malformed && error?.path == "task t")
        let old = try ZooTask.list(#"[{"name":"a","dataset":{"name":"digits"},"classes":{"3":0,"8":1}}]"#, path: "z")[0]
        #expect(old.part == nil && old.view == nil)
    }
}
