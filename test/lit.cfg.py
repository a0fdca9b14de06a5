"""The lit suite: IR in, FileCheck on what comes out."""

import os

import lit.formats

config.name = "conveinsum"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["data", "Inputs", "Fuzz", "lit.cfg.py", "lit.site.cfg.py.in"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.conveinsum_binary_dir, "test")

for directory in (config.llvm_tools_dir, config.conveinsum_tools_dir):
    config.environment["PATH"] = os.pathsep.join((directory, config.environment["PATH"]))
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --allow-unused-prefixes=false"

config.substitutions.append(("%plugin", config.conveinsum_plugin))
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%data", os.path.join(config.test_source_root, "data")))
config.substitutions.append(("%docs", os.path.join(config.test_source_root, os.pardir, "docs")))
