"""The stored form of an article's features: one fixed-width record of little-endian numbers.

Fixed width lets thousands of stored records become arrays in one step: `np.frombuffer(b"".join(rows), RECORD)`.
"""

import numpy as np

TERMS = 96
ENTITIES = 32
TITLE_TERMS = 24
SIGNATURE = 64

RECORD = np.dtype(
    [
        ("terms", "<u4", (TERMS,)),
        ("weights", "u1", (TERMS,)),
        ("entities", "<u4", (ENTITIES,)),
        ("entity_weights", "u1", (ENTITIES,)),
        ("title", "<u4", (TITLE_TERMS,)),
        ("signature", "<u2", (SIGNATURE,)),
        ("title_digest", "<u8"),
        ("words", "<u2"),
    ]
)
"""Empty places are 0, and no term hashes to 0."""
