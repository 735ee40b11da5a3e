/// The limits by which a verdict is reached; charts shade the same regions.
public struct VerdictLimits: Sendable, Equatable {
    /// Generated networks are as good as the zoo if they lose at most this much mean accuracy.
    public var accuracyLoss = 0.01
    /// They fail if they keep less than this share of what the zoo has above chance.
    public var keptAboveChance = 0.5
    /// Below this ratio of a fresh network's distance, in weights or by contributions, a network is a copy.
    public var copies = 0.01
    /// Below this share of a fresh network's in any measure it is a near-copy; between this and new it is in between.
    public var nearCopies = 0.5
    /// From this ratio of a fresh network's distance on, in weights and by contributions, a network is new ...
    public var novel = 0.9
    /// ... if it also predicts otherwise than the nearest zoo network at least this share as often as a fresh network, ...
    public var novelDisagreement = 0.8
    /// ... and what it gets wrong is at least this share as far from a zoo network's as a fresh network's is: 1 - IoU of
    /// the most similar wrong set, which scatters more than distances do.
    public var novelWrongSets = 0.75
    /// A baseline is as good as the generator if it loses at most this much mean accuracy against it.
    public var baselineLoss = 0.0025
    /// A baseline is as new as the generator from this share of its distance and of its disagreement on.
    public var baselineDistance = 0.9
    /// Samples are under-dispersed if the RMS of their codes falls below this ratio of the zoo's.
    public var narrowSpread = 0.5
    /// Under-dispersed samples have collapsed if they lie this near to each other, in units of the zoo's own distances;
    /// where distances say nothing, if the RMS of their codes falls below this ratio.
    public var near = 0.2
    /// Others have collapsed if each lies this near to another, in units of the zoo's own distances, ...
    public var repeated = 0.05
    /// ... while zoo networks lie this far from any of them. Both, because many samples near all of a small zoo are
    /// near each other too: that is copying, not collapse.
    public var missed = 0.5

    /// The limits that every report states.
    public init() {}
}
