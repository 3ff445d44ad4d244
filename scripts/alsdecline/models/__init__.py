"""The family of decline models: declared, laid out, sampled, simulated."""
