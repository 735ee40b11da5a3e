import Basics
import ModelZoo
import Ranks
import Tensors

/// What the ranks of a job do for rank 0, and what must be alike in them.
public enum RankTable {
    /// The works that a rank knows, a line a kind.
    public static var works: RankServer.Table {
        RankServer.Table(
            items: [
                ZooGroups.self, ShardTrainings.self, ExperimentRuns.self, SampleBlocks.self, AlignmentBlocks.self,
                EmptyItems.self,
            ],
            shared: [GeneratorHelp.self, SharedEvaluation.self, SharedCalibration.self, RankSums.self])
    }

    /// What the bytes of results depend on besides what is asked, a fact a line: must be the same on every rank.
    public static var likeness: [String] {
        [
            "weightspace \(WeightSpaceVersion.current)", "kernel set \(Threads.kernelSet)",
            "OpenBLAS for \(OpenBLAS.core)",
        ]
    }
}
