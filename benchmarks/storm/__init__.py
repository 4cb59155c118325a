"""`make storm`: very many people on the simulated platform at once, deliveries repeated, late and out of order, processes killed.

    python -m benchmarks.storm                # 2,000 people, 10,000 messages, the real stack on PostgreSQL with two gateways
    SCALE=small python -m benchmarks.storm    # 40 people, 160 messages, a stand-in for Rasa; the tests run this one
"""
