"""The exercises of data/exercises.json as far as every command needs them; written by docs/generate.py.

Each has its id, its name, whether it is done on each side, how it is counted, its aliases, and the sets, repetitions
and seconds of its starting dose.
"""

from kneetrack.domain.dose import Mode

Row = tuple[str, str, bool, Mode, tuple[str, ...], tuple[int, int | None, int | None]]

# fmt: off
SHIPPED: tuple[Row, ...] = (
    ("clamshell", "Clamshell", True, "reps", ("clam", "side-lying hip external rotation"), (3, 10, None)),
    ("clamshell_band", "Banded clamshell", True, "reps", ("clam with loop band", "resisted clam"), (3, 10, None)),
    ("clamshell_abduction", "Clamshell with foot lift", True, "reps", ("raised clam", "clam with hip abduction"), (3, 10, None)),
    ("reverse_clamshell", "Reverse clamshell", True, "reps", ("reverse clam", "side-lying hip internal rotation"), (2, 10, None)),
    ("seated_hip_er_band", "Seated hip external rotation (band)", True, "reps", ("banded hip rotation", "seated ER"), (3, 10, None)),
    ("side_lying_hip_abduction", "Side-lying hip abduction", True, "reps", ("side leg raise", "SLHA"), (3, 10, None)),
    ("side_lying_hip_abduction_band", "Side-lying hip abduction (band)", True, "reps", ("banded side leg raise",), (3, 8, None)),
    ("standing_hip_abduction_band", "Standing hip abduction (band)", True, "reps", ("banded side kick",), (3, 10, None)),
    ("lateral_band_walk", "Lateral band walk", True, "reps", ("side-stepping", "crab walk"), (2, 15, None)),
    ("monster_walk", "Monster walk", False, "reps", ("diagonal band walk",), (2, 15, None)),
    ("fire_hydrant", "Fire hydrant", True, "reps", ("quadruped hip abduction",), (2, 10, None)),
    ("glute_squeeze", "Glute squeeze", False, "reps", ("gluteal set", "glute isometric"), (1, 10, 5)),
    ("bridge", "Bridge", False, "reps", ("glute bridge", "double-leg bridge", "butt lift"), (3, 10, 2)),
    ("bridge_band", "Bridge with band", False, "reps", ("banded glute bridge", "bridge with abduction"), (3, 10, 2)),
    ("marching_bridge", "Marching bridge", True, "reps", ("bridge with alternating march",), (2, 10, None)),
    ("single_leg_bridge", "Single-leg bridge", True, "reps", ("unilateral bridge", "one-leg bridge"), (2, 10, None)),
    ("prone_hip_extension", "Prone hip extension", True, "reps", ("face-down leg lift",), (3, 10, None)),
    ("quadruped_hip_extension", "Quadruped hip extension", True, "reps", ("donkey kick", "bent-knee kickback"), (2, 10, None)),
    ("bird_dog", "Bird dog", True, "reps", ("quadruped arm and leg reach",), (2, 10, 3)),
    ("side_plank_knees", "Side plank from knees", True, "hold", ("modified side plank",), (2, None, 30)),
    ("side_plank_clamshell", "Side plank clamshell", True, "reps", ("side plank with clam",), (2, 10, None)),
    ("side_plank", "Side plank", True, "hold", ("side bridge", "full side plank"), (2, None, 15)),
    ("side_plank_hip_abduction", "Side plank with leg raise", True, "reps", ("side bridge with hip abduction",), (2, 10, None)),
    ("quad_set", "Quad set", True, "reps", ("quadriceps isometric", "knee press"), (2, 10, 5)),
    ("straight_leg_raise", "Straight-leg raise", True, "reps", ("SLR",), (3, 10, None)),
    ("sit_to_stand", "Sit-to-stand", False, "reps", ("chair squat", "chair stand"), (3, 10, None)),
    ("mini_squat", "Mini squat", False, "reps", ("quarter squat", "shallow squat"), (3, 10, None)),
    ("wall_sit", "Wall sit", False, "hold", ("wall squat hold", "wall slide"), (5, None, 10)),
    ("step_up", "Step-up", True, "reps", ("forward step-up",), (3, 10, None)),
    ("lateral_step_down", "Lateral step-down", True, "reps", ("heel tap", "eccentric step-down"), (3, 10, None)),
    ("single_leg_mini_squat", "Single-leg mini squat", True, "reps", ("one-leg quarter squat",), (3, 10, None)),
    ("single_leg_stance", "Single-leg stance", True, "hold", ("one-leg balance",), (3, None, 30)),
    ("hip_hike", "Hip hike", True, "reps", ("pelvic drop", "Trendelenburg drill"), (3, 10, None)),
    ("hamstring_stretch", "Hamstring stretch", True, "hold", ("seated or lying hamstring stretch",), (2, None, 30)),
    ("quad_stretch", "Quadriceps stretch", True, "hold", ("prone or standing quad stretch",), (2, None, 30)),
    ("calf_stretch", "Calf stretch", True, "hold", ("gastrocnemius stretch", "heel-cord stretch"), (2, None, 30)),
    ("itb_tfl_stretch", "ITB/TFL stretch", True, "hold", ("iliotibial band stretch", "standing crossover"), (2, None, 30)),
    ("figure_four_stretch", "Figure-four stretch", True, "hold", ("piriformis stretch", "glute stretch"), (2, None, 30)),
    ("hip_flexor_stretch", "Hip-flexor stretch", True, "hold", ("anterior hip stretch", "half-kneeling lunge stretch"), (2, None, 30)),
)
