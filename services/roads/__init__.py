"""The road graph: routes, travel times and reach by road, with closed roads respected."""
