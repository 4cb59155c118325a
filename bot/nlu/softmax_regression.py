"""Multinomial logistic regression on a sparse and a dense block of features, and its temperature.

A small solver of our own instead of scikit-learn's: it keeps the sentence vectors dense in single
precision, which makes training several times faster here, and a trained model is two plain matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Weights:
    """Weights of a trained model; rows are features, columns are labels."""

    sparse: np.ndarray
    dense: np.ndarray
    bias: np.ndarray


def softmax(scores: np.ndarray) -> np.ndarray:
    """Probabilities of each row of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def scores_of(weights: Weights, sparse: csr_matrix, dense: np.ndarray) -> np.ndarray:
    """Raw scores (logits), one row a text."""
    return np.asarray(sparse @ weights.sparse + dense @ weights.dense + weights.bias)


def fit(
    sparse: csr_matrix,
    dense: np.ndarray,
    targets: np.ndarray,
    labels: int,
    strength: float,
    iterations: int = 150,
    tolerance: float = 1e-4,
) -> Weights:
    """Minimise cross-entropy plus |W|^2 / 2C (`strength` is C; the bias is free)."""
    rows, from_grams, from_vector = sparse.shape[0], sparse.shape[1], dense.shape[1]
    sparse = sparse.astype(np.float32)
    transposed = sparse.T.tocsr()
    dense = dense.astype(np.float32)
    one_hot = np.zeros((rows, labels), dtype=np.float32)
    one_hot[np.arange(rows), targets] = 1.0
    cut = from_grams * labels
    end = cut + from_vector * labels

    def unpack(parameters: np.ndarray) -> Weights:
        small = parameters.astype(np.float32)
        return Weights(
            sparse=small[:cut].reshape(from_grams, labels),
            dense=small[cut:end].reshape(from_vector, labels),
            bias=small[end:],
        )

    def loss(parameters: np.ndarray) -> Tuple[float, np.ndarray]:
        weights = unpack(parameters)
        probabilities = softmax(scores_of(weights, sparse, dense))
        right = np.maximum(probabilities[np.arange(rows), targets], 1e-12)
        penalty = parameters[:end]
        value = -float(np.log(right).sum(dtype=np.float64)) + float(penalty @ penalty) / (2 * strength)
        error = probabilities - one_hot
        gradient = np.empty_like(parameters)
        gradient[:cut] = (transposed @ error).ravel()
        gradient[cut:end] = (dense.T @ error).ravel()
        gradient[end:] = error.sum(axis=0)
        gradient[:end] += penalty / strength
        return value / rows, gradient / rows

    found = minimize(
        loss,
        np.zeros(end + labels),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "gtol": tolerance / rows**0.5, "ftol": 1e-7, "maxcor": 10},
    )
    return unpack(found.x)


def fit_temperature(scores: np.ndarray, targets: np.ndarray) -> float:
    """Divisor of the scores under which the confidence of unseen texts is honest (least log loss)."""

    def log_loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.exp(log_temperature))
        return -float(np.log(np.maximum(probabilities[np.arange(len(targets)), targets], 1e-12)).mean())

    return float(np.exp(minimize_scalar(log_loss, bounds=(-2.0, 2.0), method="bounded").x))


def folds(targets: Sequence[int], parts: int, seed: int = 7) -> List[np.ndarray]:
    """Split rows into parts with every label spread evenly; each array holds the rows of one part."""
    order = np.random.default_rng(seed).permutation(len(targets))
    wanted = np.asarray(targets)
    part_of = np.zeros(len(wanted), dtype=int)
    for label in np.unique(wanted):
        rows = order[wanted[order] == label]
        part_of[rows] = np.arange(len(rows)) % parts
    return [np.flatnonzero(part_of == part) for part in range(parts)]
