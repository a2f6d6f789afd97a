"""The only place that asks others about addresses: name servers, and the operator's database of places."""
