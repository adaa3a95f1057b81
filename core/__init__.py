"""The partnership's business: framework, people, cycles, answers, analysis, charts, storage."""
