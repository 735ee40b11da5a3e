// The families of loops that single and double precision share.
#include "activations.h"
#include "map.h"
#include "zip.h"
#include "movement.h"
#include "reduce.h"
#include "rows.h"
#include "normalization.h"
#include "optimizer.h"
