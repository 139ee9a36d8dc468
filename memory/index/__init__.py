"""The similarity index: every stored text at least as similar as asked, found without comparing them all (law 8).

**What is lost: nothing. The proof, filter by filter.** Let a query have n words and a stored text m, N = max(n, m),
and let them share s words, each as often as both have it. `memory.score.similarity` is 0 unless s >= 0.6 N, or N <=
2.

1. *Words told apart by occurrence.* The i-th "the" of a text is an element of its own. Two texts share s words
   exactly when their sets of elements share s; so what is proved of sets holds for texts.
2. *Length* (Gravano et al. 2001; Arasu et al. 2006). s <= min(n, m), so 0.6 n <= m <= n / 0.6. Segments are numbered
   by word count: a range of counts is a range of numbers.
3. *Prefix* (All-Pairs: Bayardo, Ma and Srikant 2007). Order all elements by how rare they are. If two sets share at
   least o = ceil(0.6 N) elements, the n - o + 1 first of the one and the m - o + 1 first of the other share one: were
   they disjoint, the lower last prefix element would leave fewer than o that can be shared. A segment is filed under
   its first m - ceil(0.6 m) + 1 elements (o is least where N = m), a query looks under its first n - ceil(0.6 n) + 1.
   Elements that no segment has come first: they are rarest.
4. *Position* (PPJoin: Xiao, Wang, Lin and Yu 2008). If the first shared element stands at place i of the query and j
   of the segment, then s <= 1 + min(n - 1 - i, m - 1 - j). Every pair that qualifies is met at its first shared
   element, so whoever fails this anywhere may be passed over there.
5. *Signatures.* Each element sets one of 64 bits. A bit that only one side has stands for an element that only this
   side has; so more than n - o (or m - o) such bits leave too few to share.
6. *The bound.* Words cost at least 100 for each of their difference in count; of the query's words that are not
   shared, those that this difference does not drop become other words, and the cheapest change of a word of l letters
   is one letter of a word of l + 1. Letters cost at least their difference in count, and one edit changes at most two
   words, so at least half as many edits as words are missing. What remains is the most a segment can score.
7. *The bar.* Penalties only take off, so a segment whose bound is below the k-th best answer so far, penalties taken
   off, is not among the best. Word counts are gone through from the query's own outwards, and no further than where
   min(n, m) / N keeps all below the bar. The higher the bar, the fewer words may be missing (6), and the larger the
   o that prefix, position and signature are held against; the candidates that share the most words are compared first,
   so that the bar rises early. Answers equal to the bar are kept.
8. *Words read.* When a segment's words are known, each left over costs at least what its likest word of the query
   does: letters differ at least by their number and by the bits that only one side has. Where texts are long, like
   words are taken for the same, and Levenshtein's distance over them is what must be added, dropped or exchanged.
9. *Few words.* Where N <= 2, letters alone count. Each edit adds, drops or changes one letter; so the letters (told
   apart by occurrence) that only one side has are at most as many as the edits, and their bits fewer. Segments of few
   words are numbered by length and passed over by their bits (the counting filter of Gravano et al. 2001, as in
   Ed-Join, Xiao, Wang and Lin 2008, and Pass-Join, Li, Deng, Wang and Feng 2011).
10. *Comparison* is the reference's own arithmetic; equal ends of a row cost nothing in Levenshtein's distance and are
   left out; letters are compared by bits, 64 at once (Myers 1999; Hyyrö 2003), only where a way to the end may stay
   within what the bar allows (Ukkonen 1985).

Digests of 64 bits name words; a query's word is held against the stored letters, so that two words of one digest
cannot be taken for each other.

**Parts.** `segments` (forms as rows of chunks) and `build` (sorted arrays) make a run; `layout` is a run as a file;
`arrays` (with `near`) and `kernel` (with `native/`) search it, in numpy and in machine code, with equal answers;
`variants` has what stands under its segments; `run` puts one of the engines over the file; `delta` holds what came
since; `similarity` searches all parts as one; `kept` keeps them in a folder beside a shelf. `filter` and `filed` are
the same search by SQL, over tables in the database of the shelf.
"""
