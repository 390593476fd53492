"""The codebook, claim candidates, samples, agreement between coders."""
