#!/usr/bin/env python3
"""Known items with tantivy-py: one field stemmed as English, an OR of the words of the query.

usage: tantivy_py.py FOLDER

FOLDER is what `cargo bench --bench known_items -- INDEX ... --write FOLDER` wrote. Needs the package `tantivy`.
"""
import json, re, sys, tempfile

import tantivy


def lines(path):
    with open(path, encoding="utf8") as file:
        for line in file:
            yield json.loads(line)


def main():
    folder = sys.argv[1]
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("name", stored=True, tokenizer_name="raw")
    schema.add_text_field("text", tokenizer_name="en_stem")
    with tempfile.TemporaryDirectory() as index_folder:
        index = tantivy.Index(schema.build(), path=index_folder)
        writer = index.writer(200_000_000, 2)
        for line in lines(f"{folder}/texts.jsonl"):
            writer.add_document(tantivy.Document(name=line["name"], text=line["text"]))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()
        queries, rank, first = 0, 0.0, 0
        for line in lines(f"{folder}/queries.jsonl"):
            queries += 1
            # In lower case no word is an operator.
            words = " ".join(re.findall(r"\w+", line["query"].lower()))
            if not words:
                continue
            hits = searcher.search(index.parse_query(words, ["text"]), 10).hits
            names = [searcher.doc(address)["name"][0] for _, address in hits]
            at = next((at for at, name in enumerate(names) if name in line["names"]), None)
            if at is not None:
                rank += 1 / (at + 1)
                first += at == 0
    print(f"tantivy-py, one stemmed field: {queries} queries, MRR@10 {rank / queries:.4f}, first {first / queries:.4f}")


if __name__ == "__main__":
    main()
