"""What faiss finds, and how many distances it computes, on vectors that our engine generates.

Makes faiss.json beside it; not part of `npm test`. To run it again:

    python3 -m venv /tmp/faiss && /tmp/faiss/bin/pip install faiss-cpu==1.15.1 numpy
    node tests/engine/retrieval/reference/write-vectors.ts /tmp/faiss
    /tmp/faiss/bin/python tests/engine/retrieval/reference/measure.py /tmp/faiss

faiss counts the distances of a search in `hnsw_stats.ndis`. Those of the walk from the top layer to the lowest are among
them in this version, as they are in ours.
"""

import json
import sys
from pathlib import Path

import faiss
import numpy as np

K = 10
folder = Path(sys.argv[1])
faiss.omp_set_num_threads(1)
cases = json.loads((folder / "cases.json").read_text())
for case in cases:
    count, dim, queries = case["count"], case["dim"], case["queries"]
    values = np.fromfile(folder / case["file"], dtype=np.float32).reshape(count + queries, dim)
    data, asked = values[:count], values[count:]
    exact = faiss.IndexFlatL2(dim)
    exact.add(data)
    _, truth = exact.search(asked, K)
    index = faiss.IndexHNSWFlat(dim, case["m"])
    index.hnsw.efConstruction = case["efConstruction"]
    index.add(data)
    case["points"] = []
    for ef in case.pop("efs"):
        index.hnsw.efSearch = ef
        faiss.cvar.hnsw_stats.reset()
        _, found = index.search(asked, K)
        recall = np.mean([len(set(a) & set(b)) / K for a, b in zip(found, truth)])
        evaluations = faiss.cvar.hnsw_stats.ndis / queries
        case["points"].append({"ef": ef, "recall": round(float(recall), 4), "evaluations": round(evaluations, 1)})
    del case["file"]
fixture = {"reference": f"faiss {faiss.__version__}, IndexHNSWFlat, one thread", "k": K, "cases": cases}
(Path(__file__).parent / "faiss.json").write_text(json.dumps(fixture, indent=2) + "\n")
