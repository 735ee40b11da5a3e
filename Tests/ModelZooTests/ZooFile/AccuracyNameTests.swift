import Testing

@testable import ModelZoo

@Suite("Names of accuracies")
struct AccuracyNameTests {
    @Test(
        "The part of the data is read from the name, however it is written",
        arguments: [
            ("test_accuracy", AccuracyName.Part.test), ("testAcc", .test), ("val_acc", .validation),
            ("best.valid.top1", .validation), ("train-accuracy", .training), ("dev_acc_epoch", .validation),
        ])
    func parts(_ name: String, _ part: AccuracyName.Part) { #expect(AccuracyName(name)?.part == part) }

    @Test("A name without a part is one of accuracies too", arguments: ["acc", "ACC", "top-5", "accuracy", "acc1"])
    func plain(_ name: String) throws { #expect(try #require(AccuracyName(name)).part == nil) }

    @Test("A name is plain unless it is of another epoch, an average or the likeliest five")
    func isPlain() throws {
        for name in ["test_acc", "val_top1", "final_test_accuracy", "acc@1"] {
            #expect(AccuracyName(name)?.isPlain == true, "\(name)")
        }
        for name in ["best_val_acc", "test_top5", "mean_acc", "ema_test_acc", "acc@10"] {
            #expect(AccuracyName(name)?.isPlain == false, "\(name)")
        }
    }

    @Test(
        "Other names are none",
        arguments: ["", "loss", "test_loss", "grad_acc", "acceleration", "top", "prec", "seed", "correct", "lr"])
    func none(_ name: String) { #expect(AccuracyName(name) == nil) }
}
