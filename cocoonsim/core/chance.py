"""Randomness that is looked up by event, never used up.

A random number here is a function of (seed, step, stream, unit, slot): who it is for and what it decides, not how many
draws came before. Change one user's fate and nobody else's dice move; cut the users into blocks of any size, in any
order, on any number of threads, and every user still gets the same numbers.

Also known as: counter-based random numbers, common random numbers, keyed streams.
Source: Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3; the hash is SplitMix64 of Steele, Lea and
Flood (2014), Fast splittable pseudorandom number generators.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np

_U8 = np.uint64
_GOLDEN = 0x9E3779B97F4A7C15
_GOLD = _U8(_GOLDEN)
_MIX_1 = _U8(0xBF58476D1CE4E5B9)
_MIX_2 = _U8(0x94D049BB133111EB)
_27, _30, _31 = _U8(27), _U8(30), _U8(31)
_MASK = 2**64 - 1
_41, _HALF, _FINE = _U8(41), np.float32(0.5), np.float32(2.0**-23)
_FEW = 6  # hashes for which plain numbers are quicker than arrays
_CELLS = 65_536  # hashes worked on at once: they stay in the cache, which is three times faster than one long array
_SMALL, _AHEAD = 2048, 16  # hashes that count as few; for so many steps at once they are worked out
_MOST_ASKED = 64
_ASKED: dict[tuple[int, str, int], tuple[int, np.ndarray, np.ndarray | None]] = {}
"""For a seed, purpose and number of words: the step that was asked for, for whom, and the words from there on."""

ALWAYS = -1
"""The step of draws that never change: who is treated, who was born how."""


def mix(bits: np.ndarray) -> np.ndarray:
    """Scramble unsigned 64-bit words in place (the SplitMix64 finaliser) and return them.

    >>> hex(int(mix(np.array([0x9E3779B97F4A7C15], np.uint64))[0]))
    '0xe220a8397b1dcdaf'
    """
    spare = bits >> _30
    bits ^= spare
    bits *= _MIX_1
    np.right_shift(bits, _27, out=spare)
    bits ^= spare
    bits *= _MIX_2
    np.right_shift(bits, _31, out=spare)
    bits ^= spare
    return bits


def _mixed(word: int) -> int:
    """`mix` of one number, which may be of any size or sign: far quicker than an array of length one."""
    word &= _MASK
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
    return word ^ (word >> 31)


def to_uniform(bits: np.ndarray) -> np.ndarray:
    """Turn 64-bit words into float32 numbers strictly between 0 and 1.

    Only 23 bits are used: with 24, the largest would round to 1.0 and `-log(-log(u))` would be infinite.
    """
    numbers = (bits >> _41).astype(np.float32)
    numbers += _HALF
    numbers *= _FINE
    return numbers


@lru_cache(maxsize=4096)
def _stream_key(seed: int, step: int, stream: str) -> int:
    """What all draws of one seed, step and purpose have in common."""
    key = 0
    for part in (seed, step, _word(stream)):
        key = _mixed(key + (part + 1) * _GOLDEN)
    return key


@lru_cache(maxsize=256)
def _steps(n: int) -> np.ndarray:
    """uint64 (n,): how far the words 1 ... n of a unit are from its key."""
    steps = np.arange(1, n + 1, dtype=_U8) * _GOLD
    steps.setflags(write=False)
    return steps


@lru_cache(maxsize=4096)
def _word(text: str) -> int:
    """A name as a number: the same on every machine and Python version (`hash` is not)."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


class Chance:
    """Every random number of one run, addressed by event.

    >>> chance = Chance(seed=7)
    >>> everyone = chance.at(3).uniform("choice", np.arange(1000), 2)
    >>> just_two = chance.at(3).uniform("choice", np.array([5, 900]), 2)
    >>> bool((everyone[[5, 900]] == just_two).all())
    True
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)

    def at(self, step: int, event: int = 0) -> Dice:
        """The dice of one step; where people act one after another, of one event in it."""
        return Dice(self.seed, step, event)

    @property
    def always(self) -> Dice:
        """Dice that fall the same way in every step."""
        return Dice(self.seed, ALWAYS)

    def generator(self, *names: str | int) -> np.random.Generator:
        """A NumPy generator for whole columns that are drawn once (population, catalogue, network).

        Keyed by the seed and the names, so that a change of the network does not redraw the people.
        """
        words = [self.seed & 0xFFFFFFFFFFFFFFFF, *(_word(str(name)) for name in names)]
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))


class Dice:
    """The random numbers of one step. `stream` says what they decide, `units` (int ids) who they are for."""

    def __init__(self, seed: int, step: int, event: int = 0) -> None:
        self.seed, self.step, self.event = seed, step, event

    def _key(self, stream: str) -> int:
        key = _stream_key(self.seed, self.step, stream)
        return _mixed(key + (self.event + 1) * _GOLDEN) if self.event else key

    def _unit_keys(self, stream: str, units: np.ndarray) -> np.ndarray:
        return mix(np.asarray(units).astype(_U8) * _GOLD + _U8(self._key(stream)))

    def bits(self, stream: str, units: np.ndarray, n: int = 1) -> np.ndarray:
        """uint64 (n_units, n): n words for each unit."""
        if not self.event and _FEW < len(units) * n <= _SMALL:
            return self._ahead(stream, units, n)
        return self._hash(stream, units, _steps(n))

    def _ahead(self, stream: str, units: np.ndarray, n: int) -> np.ndarray:
        """The same for few words, of which calls are the price: who asks step after step gets them from many steps at once."""
        since, whose, words = _ASKED.get((self.seed, stream, n), (self.step, None, None))
        same = whose is not None and len(whose) == len(units) and bool((whose == units).all())
        if same and words is not None and 0 <= self.step - since < _AHEAD:
            return words[self.step - since].copy()
        if same and self.step == since + (1 if words is None else _AHEAD):
            keys = np.array([_stream_key(self.seed, self.step + more, stream) for more in range(_AHEAD)], _U8)
            own = mix(np.asarray(units).astype(_U8) * _GOLD + keys[:, None])
            words = mix(own[:, :, None] + _steps(n))
            found = words[0].copy()
        else:
            words, found = None, self._hash(stream, units, _steps(n))
        if len(_ASKED) >= _MOST_ASKED:
            _ASKED.clear()
        _ASKED[self.seed, stream, n] = self.step, np.array(units), words
        return found

    def pair_bits(self, stream: str, units: np.ndarray, others: np.ndarray) -> np.ndarray:
        """uint64 (n_units, n_others): a word for each pair; `others` is one row of ids, or a row for each unit."""
        return self._hash(stream, units, (np.asarray(others).astype(_U8) + _U8(1)) * _GOLD)

    def _hash(self, stream: str, units: np.ndarray, steps: np.ndarray) -> np.ndarray:
        if len(units) * steps.shape[-1] <= _FEW:
            return _plainly(self._key(stream), np.asarray(units), steps)
        if len(units) == 1:  # one person's event: as few calls as possible
            key = _mixed(int(units[0]) * _GOLDEN + self._key(stream))
            return mix((steps + _U8(key)).reshape(1, -1))
        keys = self._unit_keys(stream, units)
        out = np.empty((len(keys), steps.shape[-1]), _U8)
        rows = max(1, _CELLS // max(1, steps.shape[-1]))
        for low in range(0, len(keys), rows):
            high = min(low + rows, len(keys))
            part = out[low:high]
            np.add(keys[low:high, None], steps if steps.ndim == 1 else steps[low:high], out=part)
            mix(part)
        return out

    def uniform(self, stream: str, units: np.ndarray, n: int = 1) -> np.ndarray:
        """float32 (n_units, n), strictly between 0 and 1."""
        return to_uniform(self.bits(stream, units, n))

    def pairs(self, stream: str, units: np.ndarray, others: np.ndarray) -> np.ndarray:
        """float32 (n_units, n_others), strictly between 0 and 1: one number for each (unit, other) pair."""
        return to_uniform(self.pair_bits(stream, units, others))

    def below(self, stream: str, units: np.ndarray, n: int, high: int) -> np.ndarray:
        """int64 (n_units, n): whole numbers 0 ... high-1 (high below 2^31; the bias is under high / 2^32)."""
        words = self.bits(stream, units, n)
        words >>= _U8(32)
        words *= _U8(high)
        words >>= _U8(32)
        return words.view(np.int64)

    def gumbel(self, stream: str, units: np.ndarray, n: int = 1) -> np.ndarray:
        """float32 (n_units, n), standard Gumbel: the largest of `value + gumbel` is a logit choice."""
        return gumbel(self.uniform(stream, units, n))

    def normal(self, stream: str, units: np.ndarray, n: int = 1) -> np.ndarray:
        """float64 (n_units, n), standard normal by inversion: one uniform each, never a varying number of them."""
        from scipy.special import ndtri

        return ndtri(self.uniform(stream, units, n).astype(np.float64))


def _plainly(key: int, units: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """uint64 (n_units, n): what `Dice._hash` gives, worked out with plain numbers."""
    every = steps.tolist() if steps.ndim > 1 else [steps.tolist()] * len(units)
    words = []
    for unit, row in zip(units.tolist(), every, strict=True):
        own = _mixed(unit * _GOLDEN + key)
        words.append([_mixed(own + step) for step in row])
    return np.array(words, _U8).reshape(len(units), steps.shape[-1])


def gumbel(uniform: np.ndarray) -> np.ndarray:
    """Standard Gumbel numbers from uniform ones, by inversion."""
    out = np.log(uniform)
    np.negative(out, out=out)
    np.log(out, out=out)
    return np.negative(out, out=out)


def mixtures(generator: np.random.Generator, concentration: float, n_parts: int, n: int) -> np.ndarray:
    """float32 (n, n_parts): rows from a symmetric Dirichlet distribution, made some at a time to keep memory flat."""
    out = np.empty((n, n_parts), np.float32)
    weights = [concentration] * n_parts
    for low in range(0, n, _CELLS):
        rows = out[low : low + _CELLS]
        rows[:] = generator.dirichlet(weights, len(rows))
    return out
