"""The works of Scripts/golden: small commands that together pass through every kind of every part.

They run in the order of WORKS, from the checkout's root. `$OUT` is a work's own folder, `$ALL/OTHER` that of an earlier
one; the other names that begin with $ are short for the texts in SHORT. To add a kind of generator, add a line to ARMS;
to add a recipe, one to ZOOS; to add a command, one to COMMANDS. A work that is meant to fail is called refused-...
"""
import shlex

SHORT = {
    "$DATA": "dataset: {name: digits, scale: 0.0625, validation: 0.2, test: 0.2, seed: 0}",
    "$FEW": "networks: {train: 2, validation: 1, test: 1}, selection: last",
    "$STANDARD": "coordinates: {kind: pca, components: 16, standardize: true}",
    "$CODES": "coordinates: {kind: autoencoder, channels: [4, 8], latent: 12, groups: 2",   # goes on
    "$RESIDUAL": "generator: {kind: residual-mlp, width: 24, depth: 2, timeWidth: 16}",
    "$UNET": "generator: {kind: unet-1d, channels: [4, 8], groups: 2, timeWidth: 8}",
    "$NEURONS": "generator: {kind: neuron-transformer, width: 16, layers: 2, heads: 2, hidden: 24, edgeWidth: 8}",
    "$THREE": "'networks={train: 3, validation: 1, test: 1}'",
    "$MLP": """'{"kind":"mlp","widths":[64,8,10],"activation":"relu"}'""",
    "$FIRST": "$ALL/flow-pca/run/arms/flow-pca/seed-0",
}

# Recipes of their own. Most runs learn from the first zoo: 30 + 4 + 10 networks of 610 weights.
ZOOS = [
    ("zoo-small", "$DATA, widths: [64, 8, 10], training: {rate: 1.0e-2, epochs: 8}, selection: best-validation, "
     "networks: {train: 30, validation: 4, test: 10, firstSeed: 0}"),
    ("zoo-mlp-norm", "$DATA, architecture: {kind: mlp, widths: [64, 8, 8, 10], norm: layer, activation: gelu}, "
     "training: {optimizer: sgd, momentum: 0.9, nesterov: true, rate: 0.05, epochs: 3, clip: 1}, $FEW"),
    ("zoo-mlp-steps", "$DATA, widths: [64, 8, 10], initialization: xavier-normal, training: {optimizer: adam, "
     "epochs: 4, schedule: multi-step, milestones: [2], gamma: 0.1, smoothing: 0.1}, checkpoints: {every: 2, "
     "last: 3}, $FEW"),
    ("zoo-patience", "$DATA, widths: [64, 8, 10], initialization: pytorch, networks: {train: 4, validation: 1, "
     "test: 2}, training: {rate: 0.05, epochs: 12, schedule: cosine, finalRate: 1.0e-3, warmUp: 1, patience: 1, "
     "decay: 0.1}, selection: best-validation"),
    ("zoo-tasks", "$DATA, tasks: {classes: 3, count: 4, seed: 3}, widths: [64, 4, 3], training: {epochs: 3}, $FEW"),
    ("zoo-diverged", "$DATA, widths: [64, 8, 10], training: {optimizer: sgd, rate: 1.0e+30, epochs: 2}, $FEW"),
    ("zoo-csv", "dataset: {name: Datasets/digits/digits.csv.gz, standardize: true, validation: 0.1, test: 0.2}, "
     "widths: [64, 6, 10], training: {epochs: 2}, $FEW"),
    ("zoo-lenet5", "$DATA, architecture: {kind: lenet5, image: [1, 8, 8], padding: 12}, training: {epochs: 1, "
     "batch: 64}, $FEW"),
    ("zoo-resnet", "$DATA, architecture: {kind: resnet, depth: 20, image: [1, 8, 8], width: 2}, "
     "training: {epochs: 1, batch: 64}, checkpoints: {every: 1}, $FEW"),
    ("zoo-vit", "$DATA, architecture: {kind: vit, image: [1, 8, 8], patch: 4, depth: 1, width: 8, heads: 2}, "
     "training: {epochs: 1, batch: 64}, $FEW"),
    ("zoo-encoder", "dataset: {name: digits, scale: 1, validation: 0.2, test: 0.6, seed: 0}, training: {epochs: 1, "
     "batch: 64}, architecture: {kind: encoder, vocabulary: 17, length: 64, depth: 1, width: 4, heads: 1, "
     "outputs: 10}, $FEW"),
]

# The recipes of the checkout, shortened.
RECIPES = [
    ("zoo-iris", "zoo train ModelZoos/iris-mlp.yaml --out $OUT/zoo.h5 --set $THREE --set training.epochs=10"),
    ("zoo-heart", "zoo train ModelZoos/heart-mlp.yaml --out $OUT/zoo.h5 --set $THREE --set training.epochs=10"),
    ("zoo-phases", "zoo train ModelZoos/digits-phase-grid.yaml --out $OUT/zoos --set $THREE --set "
     "training.epochs=2 --set training.batch=64 --set checkpoints.every=1"),
    ("zoo-pairs", "zoo train ModelZoos/class-pairs-mlp.yaml --out $OUT/zoo.h5 --set $THREE --set "
     "tasks.datasets=[digits] --set tasks.samples=30 --set 'architecture.widths=[64, 4, 2]' --set 'dataset={scale: "
     "0.0625, validation: 0.2, test: 0.2}' --set training.epochs=1"),
]

# Runs: what an arm says is put over this.
BASE = """
zoo: {kind: file, path: $ALL/zoo-small/zoo.h5}
coordinates: {kind: pca, components: 20}
generator: {kind: flow-mlp, hidden: 32, timeWidth: 16}
training: {steps: 120, batch: 8, rate: 2.0e-3, checkEvery: 20}
sampling: {count: 10}
evaluation: {noise: [0.01], averages: [2, 4], baselineCount: 10}
"""
ARMS = [
    ("flow-pca", ""),
    ("flow-standardized", "$STANDARD, generator: {deeper: true, dropout: 0.2}, process: {path: target-conditional}"),
    ("flow-raw", "coordinates: {kind: raw}, align: {enabled: false}, sampling: {method: euler, steps: 10}"),
    ("flow-slot", "coordinates: {kind: slot-standardized}, $RESIDUAL, process: {path: variance-preserving, "
     "sigma: 0}, sampling: {method: midpoint, steps: 5}"),
    ("flow-orbit", "coordinates: {kind: orbit-standardized}, $NEURONS, align: {enabled: false}, "
     "training: {beta2: 0.99}, process: {sigma: 0, times: {kind: logit-normal, mean: 0.1}}, sampling: {method: heun, "
     "steps: 5}"),
    ("flow-autoencoder", "$CODES, training: {steps: 40, warmUp: 5, checkEvery: 10, patience: 2}}, $UNET"),
    ("flow-tokens", "coordinates: {kind: token-autoencoder, tokenWidth: 16, width: 8, heads: 2, layers: 1, "
     "latent: 4, latentNoise: 0.02, training: {steps: 40, warmUp: 5}}, $RESIDUAL, sampling: {steps: 10}"),
    ("flow-reference", "align: {reference: 3, sweeps: 2}, training: {warmUp: 10, clip: 0.5, decay: 0.01, "
     "emaDecay: 0.9}"),
    ("source-matched", "coordinates: {kind: raw}, source: {kind: matched, scale: 0.5}"),
    ("source-perturbed", "source: {kind: perturbed, std: 0.05}"),
    ("source-initialization", "source: {kind: initialization, method: he-uniform}, "
     "coordinates: {kind: slot-standardized}"),
    ("source-fitted", "source: {kind: fitted-gaussian}"),
    ("source-gaussian", "source: {kind: gaussian, std: 0.5}, seed: 7"),
    ("coupling-transport", "process: {coupling: {kind: optimal-transport}}, training: {batch: 16}"),
    ("coupling-sinkhorn", "process: {coupling: {kind: sinkhorn, regularization: 0.1, sweeps: 50}}, "
     "training: {batch: 16}"),
    ("coupling-bridge", "$STANDARD, process: {path: schrodinger-bridge, sigma: 0.5, coupling: {kind: sinkhorn}}"),
    ("times-beta", "process: {times: {kind: beta, alpha: 2, beta: 3}}"),
    ("sampler-dopri5", "$STANDARD, sampling: {method: dopri5, tolerance: 1.0e-3}"),
    ("sampler-maruyama", "$STANDARD, sampling: {method: euler-maruyama, steps: 20, strength: 0.5}"),
    ("ddpm-ancestral", "$STANDARD, process: {kind: ddpm, steps: 50}, sampling: {method: ancestral, variance: forward}"),
    ("ddpm-ddim", "$STANDARD, $RESIDUAL, process: {kind: ddpm, schedule: cosine, steps: 50, clip: 3}, "
     "sampling: {method: ddim, steps: 10, eta: 0.5}"),
    ("ddpm-heun", "$STANDARD, process: {kind: ddpm, schedule: continuous, parameterization: velocity}, "
     "sampling: {method: heun, steps: 8}"),
    ("ddpm-dopri5", "$STANDARD, process: {kind: ddpm, parameterization: data, steps: 50}, sampling: {method: dopri5, "
     "steps: 6}"),
    ("ddpm-latent", "$CODES, klWeight: 0.01, inputNoise: 0.01, training: {steps: 40, warmUp: 5}}, $UNET, "
     "process: {kind: ddpm, steps: 30}"),
    ("edm-heun", "process: {kind: edm}, sampling: {method: heun, steps: 6, churn: 2}"),
    ("edm-ancestral", "process: {kind: edm, rho: 5}, $RESIDUAL, sampling: {method: ancestral, steps: 20}"),
    ("edm-ddim", "$STANDARD, process: {kind: edm, rescale: false}, sampling: {method: ddim, steps: 8}"),
    ("edm-neurons", "coordinates: {kind: orbit-standardized}, $NEURONS, process: {kind: edm}, "
     "sampling: {method: euler, steps: 8}"),
    ("patience", "training: {steps: 200, rate: 0.05, patience: 1, checkEvery: 5}"),
    ("diverged", "training: {rate: 1.0e+20, steps: 20}"),
    ("collapsed", "source: {std: 1.0e-6}, training: {steps: 1}"),
    ("zoo-of-recipe", "zoo: {kind: train, widths: [64, 6, 10], training: {epochs: 3, rate: 0.01}, "
     "networks: {train: 12, validation: 3, test: 5}}, source: {kind: initialization}, "
     "coordinates: {kind: slot-standardized}"),
    ("zoo-of-one-run", "zoo: {kind: one-run, widths: [64, 6, 10], training: {epochs: 3, rate: 0.01}, "
     "selection: last, networks: {train: 30, validation: 5, test: 5}}, evaluation: {averages: [2, 30]}"),
    ("batch-norm", "zoo: {kind: train, architecture: {kind: mlp, widths: [64, 8, 8, 10], norm: batch}, "
     "training: {epochs: 3, rate: 0.01}, networks: {train: 12, validation: 3, test: 5}}, "
     "sampling: {calibrationCount: 200}"),
    ("batch-norm-images", "zoo: {kind: train, architecture: {kind: resnet, depth: 20, image: [1, 8, 8], width: 2}, "
     "dataset: {validation: 0.2, test: 0.6}, training: {epochs: 1, batch: 64, rate: 0.01}, selection: last, "
     "networks: {train: 4, validation: 1, test: 2}}, sampling: {calibrationCount: 100}, "
     "evaluation: {baselineCount: 2}"),
]
SEVERAL = [   # runs of more than one arm or seed, with a verdict over all
    ("grid", "grid: {generator.hidden: [8, 16], seed: [0, 1]}"),
    ("several", "arms: {fine: {training.steps: 20}, spoilt: {training: {rate: 1.0e+20, steps: 20}}}"),
]
GENERATED = ["flow-orbit", "flow-tokens", "source-fitted", "coupling-bridge", "ddpm-ddim", "edm-heun", "batch-norm"]

# The other commands, on what the works above made and on what the checkout holds.
COMMANDS = [
    ("generate-quickstart", "generate $ALL/quickstart/run/arms/plain-flow/seed-0 --count 15 --out $OUT/new.h5"),
    ("evaluate", "evaluate $ALL/generate-quickstart/new.h5 --zoo ModelZoos/digits-mlp.h5"),
    ("evaluate-json", "evaluate $FIRST/ensemble.h5 --zoo $ALL/zoo-small/zoo.h5 --json"),
    ("evaluate-alone", "evaluate $ALL/zoo-heart/zoo.h5"),
    ("evaluate-norms", "evaluate $ALL/generate-batch-norm/new.h5 --json"),
    ("align", "align $ALL/zoo-small/zoo.h5 --out $OUT/aligned.h5 --reference 2"),
    ("align-norms", "align $ALL/zoo-resnet/zoo.h5 --out $OUT/aligned.h5 --json"),
    ("report", "report $FIRST --out $OUT/again.html"),
    ("report-zoo", "report $ALL/zoo-small/zoo.h5 --out $OUT/zoo.html"),
    ("export-safetensors", "zoo export $ALL/zoo-small/zoo.h5 --format safetensors --out $OUT/networks --split test"),
    ("export-npz", "zoo export $ALL/zoo-small/zoo.h5 --format npz --out $OUT/zoo.npz --rows 0,3,10-19"),
    ("export-flat-hdf5", "zoo export $ALL/zoo-small/zoo.h5 --format flat-hdf5 --out $OUT/flat.h5"),
    ("export-zoo", "zoo export $ALL/zoo-small/zoo.h5 --format zoo --out $OUT/zoo.h5 --split validation"),
    ("import-safetensors", "zoo import $ALL/export-safetensors/networks --out $OUT/zoo.h5 --architecture $MLP"),
    ("import-npz", "zoo import $ALL/export-npz/zoo.npz --out $OUT/zoo.h5 --json"),
    ("import-flat", "zoo import $ALL/export-flat-hdf5/flat.h5 --out $OUT/zoo.h5 --dataset digits --architecture $MLP"),
    ("split", "zoo split ModelZoos/digits-mlp.h5 --out $OUT/zoo.h5 --seed 5"),
    ("pca", "zoo pca ModelZoos/digits-mlp.h5 --components 20"),
    ("pca-json", "zoo pca $ALL/zoo-small/zoo.h5 --json"),
    ("random-cnn-s", "zoo random --count 4 --initialization zoo-kaiming-uniform --out $OUT/zoo.h5 --architecture "
     """'{"kind":"cnn-s","image":[1,28,28],"activation":"tanh"}'"""),
    ("random-cnn-l", "zoo random --architecture "
     """'{"kind":"cnn-l","image":[3,32,32],"activation":"gelu"}' --count 4 --out $OUT/zoo.h5"""),
    ("align-cnn-s", "align $ALL/random-cnn-s/zoo.h5 --out $OUT/aligned.h5"),
    ("random", "zoo random --architecture "
     """'{"kind":"mlp","widths":[4,8,3],"activation":"tanh"}' --count 9 --seed 4 --out $OUT/zoo.h5"""),
    ("inspect", "zoo inspect ModelZoos/digits-mlp.h5"),
    ("inspect-json", "zoo inspect $ALL/zoo-mlp-steps/zoo.h5 --json"),
    ("verify", "zoo verify ModelZoos/digits-mlp.h5"),
    ("verify-json", "zoo verify $ALL/zoo-tasks/zoo.h5 --json"),
    ("verify-drop", "zoo verify $ALL/zoo-small/zoo.h5 --bound 2.5 --drop-bad --out $OUT/zoo.h5"),
    ("refused-key", "run Experiments/quickstart --arm plain-flow --set generator.hiden=3 --out $OUT/run"),
    ("refused-parts", "run Experiments/quickstart --arm plain-flow --set process.kind=ddpm --out $OUT/run"),
    ("refused-missing", "zoo inspect $OUT/none.h5"),
    ("refused-data", "zoo inspect Datasets/iris/iris.csv"),
    ("refused-finished", "run $ALL/flow-pca/flow-pca.yaml --out $ALL/flow-pca/run"),
]


def work(name, command, text=""):
    """Name, arguments, and the text that is written to `$OUT/NAME.yaml` before the command runs."""
    for short, long in SHORT.items():
        command, text = command.replace(short, long), text.replace(short, long)
    return name, shlex.split(command), text


def training(name, recipe):
    return work(name, f"zoo train $OUT/{name}.yaml --out $OUT/zoo.h5", "{" + recipe + "}")


def run(name, text):
    return work(name, f"run $OUT/{name}.yaml --out $OUT/run", BASE + text + "\n")


def generating(arm):
    return work(f"generate-{arm}", f"generate $ALL/{arm}/run/arms/{arm}/seed-0 --count 12 --seed 3 --out $OUT/new.h5")


WORKS = [
    *(training(*entry) for entry in ZOOS),
    *(work(*entry) for entry in RECIPES),
    work("quickstart", "run Experiments/quickstart --arm plain-flow --out $OUT/run --set training.steps=3000"),
    *(run(name, f"arms: {{{name}: {{{text}}}}}") for name, text in ARMS),
    *(run(*entry) for entry in SEVERAL),
    *(generating(arm) for arm in GENERATED),
    *(work(*entry) for entry in COMMANDS),
]
