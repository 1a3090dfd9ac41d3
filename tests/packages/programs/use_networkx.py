# SPDX-License-Identifier: MIT
# needs: python3-networkx
"""Walks graphs: shortest paths, spanning trees, flows, components, colouring, formats."""
import io

import networkx as nx

grid = nx.grid_2d_graph(12, 12)
for number, (a, b) in enumerate(grid.edges):
    grid[a][b]["weight"] = (number * 7919) % 13 + 1
print(nx.shortest_path(grid, (0, 0), (11, 11), weight="weight"))
print(nx.dijkstra_path_length(grid, (0, 0), (11, 11)), nx.astar_path_length(grid, (0, 0), (11, 11), lambda a, b: 0, weight="weight"))
print(sum(d["weight"] for _, _, d in nx.minimum_spanning_tree(grid).edges(data=True)))
print(nx.diameter(grid), nx.density(grid), nx.is_bipartite(grid), nx.is_connected(grid))

flow = nx.DiGraph()
for i in range(20):
    for j in (i + 1, i + 2, i + 5):
        if j < 20:
            flow.add_edge(i, j, capacity=(i * j) % 7 + 1)
value, parts = nx.maximum_flow(flow, 0, 19)
print(value, nx.minimum_cut_value(flow, 0, 19), sorted(parts[0].items()))
print(list(nx.topological_sort(flow)), nx.dag_longest_path(flow), nx.is_directed_acyclic_graph(flow))
print({k: round(v, 10) for k, v in nx.betweenness_centrality(flow).items()})

karate = nx.karate_club_graph()
print(sorted(map(len, nx.find_cliques(karate)), reverse=True), nx.transitivity(karate), nx.average_clustering(karate))
print([sorted(c) for c in nx.community.greedy_modularity_communities(karate)])
print(nx.greedy_color(karate, strategy="largest_first"), len(nx.max_weight_matching(karate)))
print(sorted(nx.core_number(karate).items()), list(nx.articulation_points(karate)), list(nx.bridges(karate)))
print(list(nx.dfs_preorder_nodes(karate, 0)), list(nx.bfs_edges(karate, 33))[:10])

cycles = nx.DiGraph([(1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (5, 4)])
print(sorted(sorted(c) for c in nx.simple_cycles(cycles)), [sorted(c) for c in nx.strongly_connected_components(cycles)])
out = io.BytesIO()
nx.write_graphml_xml(cycles, out)  # without lxml
print(out.getvalue().decode())
print("\n".join(nx.generate_gml(cycles)), "\n".join(nx.generate_adjlist(cycles)), nx.node_link_data(cycles), sep="\n")
print(nx.is_isomorphic(nx.petersen_graph(), nx.kneser_graph(5, 2) if hasattr(nx, "kneser_graph") else nx.petersen_graph()))
print(nx.fast_gnp_random_graph(60, 0.1, seed=3).size(), nx.barabasi_albert_graph(60, 2, seed=5).degree(0))
try:
    nx.shortest_path(cycles, 4, 1)
except nx.NetworkXNoPath as error:
    print(error)
