"""Computes aggregation rules and server steps with published libraries, for reference.test.ts.

Reads one JSON object from standard input and writes one to standard output. A library that is not there is named under
"missing" with the reason; nothing is ever installed.
"""

import json
import sys


def main():
    request = json.load(sys.stdin)
    answer = {"versions": {"python": sys.version.split()[0]}, "missing": {}, "results": {}}
    for name, compute in (("byzfl", byzfl), ("flwr", flwr), ("torch", torch)):
        if name not in request["libraries"]:
            continue
        try:
            answer["results"][name] = compute(request, answer["versions"])
        except ImportError as error:
            answer["missing"][name] = f"{type(error).__name__}: {error}"
    json.dump(answer, sys.stdout)


def byzfl(request, versions):
    import numpy as np
    from byzfl import CenteredClipping, Median, MultiKrum, TrMean

    versions["byzfl"] = version_of("byzfl")
    versions["numpy"] = np.__version__
    results = []
    for case in request["cases"]:
        vectors = np.array(case["updates"], dtype=np.float64)
        trim, faulty = case["trim"], case["faulty"]
        clip = CenteredClipping(L=case["iterations"], tau=float(case["radius"]))
        results.append(
            {
                "median": Median()(vectors).tolist(),
                "trimmed-mean": TrMean(trim)(vectors).tolist(),
                # byzfl sums over n - f - 1 neighbours and averages n - f; called with f + 1 it gives Blanchard's score.
                "multi-krum": MultiKrum(faulty + 1)(vectors).tolist(),
                "centred-clip": clip(vectors).tolist(),
            }
        )
    return results


def flwr(request, versions):
    import logging

    import numpy as np
    from flwr.common import Code, FitRes, Status, ndarrays_to_parameters, parameters_to_ndarrays
    from flwr.server.strategy import FedAdam, FedAvgM, FedYogi
    from flwr.server.strategy.aggregate import aggregate_krum, aggregate_median, aggregate_trimmed_avg

    logging.getLogger("flwr").setLevel(logging.ERROR)
    versions["flwr"] = version_of("flwr")
    rules = []
    for case in request["cases"]:
        vectors = [([np.array(update, dtype=np.float64)], 1) for update in case["updates"]]
        share = (case["trim"] + 0.25) / len(vectors)
        rules.append(
            {
                "median": aggregate_median(vectors)[0].tolist(),
                "trimmed-mean": aggregate_trimmed_avg(vectors, share)[0].tolist(),
                "multi-krum": aggregate_krum(vectors, case["faulty"], case["selected"])[0].tolist(),
            }
        )

    def play(strategy, history, first_round):
        model = np.array(history["start"], dtype=np.float64)
        models = []
        for number, direction in enumerate(history["directions"]):
            trained = ndarrays_to_parameters([model + np.array(direction)])
            result = FitRes(Status(Code.OK, ""), trained, 1, {})
            parameters, _ = strategy.aggregate_fit(first_round + number, [(None, result)], [])
            model = parameters_to_ndarrays(parameters)[0]
            models.append(model.tolist())
        return models

    steps = []
    for history in request["histories"]:
        initial = ndarrays_to_parameters([np.array(history["start"], dtype=np.float64)])
        rate, decay = history["learningRate"], history["momentum"]
        adaptive = {"eta": rate, "beta_1": history["beta1"], "beta_2": history["beta2"], "tau": history["tau"]}
        average = FedAvgM(initial_parameters=initial, server_learning_rate=rate, server_momentum=decay)
        steps.append(
            {
                "momentum": play(average, history, 1),
                # Flower's bias correction uses the power server_round + 1, so rounds are counted from 0 here.
                "adam": play(FedAdam(initial_parameters=initial, **adaptive), history, 0),
                "yogi": play(FedYogi(initial_parameters=initial, **adaptive), history, 1),
            }
        )
    return {"rules": rules, "steps": steps}


def torch(request, versions):
    import torch

    versions["torch"] = torch.__version__

    def play(history, nesterov):
        weights = torch.tensor(history["start"], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD(
            [weights], lr=history["learningRate"], momentum=history["momentum"], nesterov=nesterov
        )
        models = []
        for direction in history["directions"]:
            weights.grad = -torch.tensor(direction, dtype=torch.float64)
            optimizer.step()
            models.append(weights.detach().tolist())
        return models

    return [
        {"momentum": play(history, False), "nesterov": play(history, True)} for history in request["histories"]
    ]


def version_of(name):
    from importlib.metadata import version

    return version(name)


main()
