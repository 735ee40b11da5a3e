"""One module a group of fixtures; FAMILIES maps a file's name to the function that lists its cases."""
from . import architectures, elementwise, layers, losses, models, movement, optimizers, spatial

FAMILIES = {
    "elementwise": elementwise.elementwise,
    "activations": elementwise.activations,
    "reductions": movement.reductions,
    "movement": movement.movement,
    "products": movement.products,
    "linear": layers.linear,
    "layernorm": layers.layernorm,
    "norm": layers.norm,
    "embedding": layers.embedding,
    "attention": layers.attention,
    "conv": spatial.conv,
    "pool": spatial.pool,
    "losses": losses.losses,
    "optimizers": optimizers.optimizers,
    "schedules": optimizers.schedules,
    "mlp_population": models.mlp_population,
    "cnn_population": models.cnn_population,
    "velocity_net": models.velocity_net,
    "residual_mlp": models.residual_mlp,
    "unet_1d": models.unet_1d,
    "hvp": models.hvp,
    "architectures": architectures.architectures,
}
