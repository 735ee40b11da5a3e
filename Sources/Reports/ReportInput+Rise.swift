import Basics

extension ReportInput.LossCurve {
    /// What a held-out loss that has risen by a tenth or more since its least means; nil where it has not, or where the
    /// training loss has not fallen: a net learns nothing by heart then.
    package var heldOutRise: String? {
        guard trainingFell, let last = heldOut.last, let least = heldOut.min(), least > 0, last > least * 1.1,
            let index = heldOut.firstIndex(of: least)
        else { return nil }
        return "the held-out loss was least at step \(NumberText.fixed(heldOutSteps[index] + 1, digits: 0)) and is "
            + "\(NumberText.significant(last / least)) times that at the end: the net has begun to learn its networks by heart; "
            + "training.patience keeps the weights of that step"
    }

    /// Whether the mean training loss of the last tenth of the records is below that of the first.
    private var trainingFell: Bool {
        let width = max(1, training.count / 10)
        return training.suffix(width).reduce(0, +) < training.prefix(width).reduce(0, +)
    }
}
