// Query words: the words of a query, known by their numbers in the run.
#pragma once

#include "run.hpp"

namespace memory_index {

class QueryWords {
   public:
    explicit QueryWords(const Run& run) : run_(run), kind_of_(run.words, 0) {}

    // The query's words.
    i64 count() const { return i64(kinds_.size()); }

    void begin() {
        for (i64 number : numbers_)
            if (number >= 0) kind_of_[number] = 0;
        kinds_.clear(), numbers_.clear(), sizes_.clear(), starts_.clear(), bits_.clear(), often_.clear(), digests_.clear();
        written_.clear(), codes_.clear(), floors_.clear(), elements_.clear(), ranks_.clear(), again_.clear();
    }

    // Take the next word, by its letters.
    void add(const std::vector<u32>& letters) {
        u64 digest = word_digest(letters);
        i64 kind = kind_of(letters, digest);
        again_.push_back(often_[kind]++);
        kinds_.push_back(u32(kind));
    }

    // What belongs to all words together.
    void end() {
        number();
        i64 n = count(), distinct = i64(numbers_.size());
        for (i64 place = 0; place < n; ++place) {
            i64 kind = kinds_[place], rank = -1;
            u64 element = digests_[kind] ^ (u64(again_[place]) * GOLDEN);
            elements_.push_back(element);
            if (numbers_[kind] >= 0 && again_[place] == 0) rank = run_.word_ranks[numbers_[kind]];
            if (numbers_[kind] >= 0 && again_[place]) {
                i64 found = run_.again_digests.lower(element);
                if (found < run_.again_digests.count && run_.again_digests[found] == element) rank = run_.again_ranks[found];
            }
            ranks_.push_back(rank);
            floors_.push_back(floor_of(sizes_[kind]));
        }
        std::sort(ranks_.begin(), ranks_.end());
        std::sort(floors_.begin(), floors_.end());
        least_.assign(n + 1, 0);
        for (i64 place = 0; place < n; ++place) least_[place + 1] = least_[place] + floors_[place];
        blocks_ = std::max<i64>(1, ceiling(n, 64));
        places_.assign(distinct * blocks_, 0);
        for (i64 place = 0; place < n; ++place) places_[kinds_[place] * blocks_ + (place >> 6)] |= u64(1) << (place & 63);
        std::fill(mine_, mine_ + (WIDTHS << (WIDTHS - 1)), 0);
        for (u64 element : elements_)
            for (i64 width = 0; width < WIDTHS; ++width) {
                u64 bit = element >> (58 - width);
                mine_[(width << (WIDTHS - 1)) + i64(bit >> 6)] |= u64(1) << (bit & 63);
            }
    }

    // Elements' ranks, the rarest first; -1 for those the run has not.
    const std::vector<i64>& ranks() const { return ranks_; }

    // The bits of the query's elements, 64 doubled `width` times.
    const u64* signature(i64 width) const { return mine_ + (width << (WIDTHS - 1)); }

    // What words cost at least where so many of the query's are not among a segment's `m` (see memory/index/__init__.py, 6).
    i64 least_cost(i64 m, i64 lacking) const {
        i64 n = count();
        return ANOTHER * (std::max(n, m) - std::min(n, m)) + least_[std::max<i64>(0, lacking - std::max<i64>(0, n - m))];
    }

   protected:
    const Run& run_;
    std::vector<u16> kind_of_;  // for each word of the run one more than its number among the query's distinct words
    // The query's distinct words.
    std::vector<i64> numbers_, sizes_, starts_;
    std::vector<u64> digests_, bits_;
    std::vector<u16> often_, codes_;
    std::vector<u32> written_;
    // The query's words in order; in which places of it each distinct one stands.
    std::vector<u32> kinds_;
    std::vector<u64> places_;
    i64 blocks_ = 1;

   private:
    // The cheapest change of a word of so many letters: one letter of a word at most one longer.
    static i64 floor_of(i64 size) { return ceiling(ANOTHER, size + 1); }

    // The number of a word among the query's distinct words.
    i64 kind_of(const std::vector<u32>& letters, u64 digest) {
        i64 kinds = i64(digests_.size()), size = i64(letters.size());
        for (i64 kind = 0; kind < kinds; ++kind)
            if (digests_[kind] == digest && sizes_[kind] == size &&
                std::equal(letters.begin(), letters.end(), written_.begin() + starts_[kind]))
                return kind;
        digests_.push_back(digest);
        often_.push_back(0);
        starts_.push_back(i64(written_.size()));
        sizes_.push_back(size);
        written_.insert(written_.end(), letters.begin(), letters.end());
        for (u32 letter : letters) codes_.push_back(run_.code(letter));
        TM_PREFETCH(run_.word_digests.at + guess(digest));
        return kinds;
    }

    // Digests are spread evenly, so that the place of one among them is known nearly.
    i64 guess(u64 digest) const { return i64((digest >> 32) * u64(run_.word_digests.count) >> 32); }

    // The numbers of the distinct words in the run, -1 for those it has not; step by step for all, so that memory is waited for
    // once.
    void number() {
        i64 distinct = i64(digests_.size()), count = run_.word_digests.count;
        std::vector<i64>& place = found_at_;
        place.resize(distinct);
        for (i64 kind = 0; kind < distinct; ++kind) {
            u64 digest = digests_[kind];
            i64 low = guess(digest), high = low;
            for (i64 step = 8; low > 0 && run_.word_digests[low - 1] >= digest; step *= 2) low = std::max<i64>(0, low - step);
            for (i64 step = 8; high < count && run_.word_digests[high] < digest; step *= 2) high = std::min(count, high + step);
            place[kind] = run_.word_digests.lower(digest, low, high);
            TM_PREFETCH(run_.digest_words.at + place[kind]);
        }
        for (i64 kind = 0; kind < distinct; ++kind) {
            u32 word = place[kind] < count ? run_.digest_words[place[kind]] : u32(run_.words);
            if (word >= run_.words) continue;
            TM_PREFETCH(run_.word_rows.at + word);
            TM_PREFETCH(run_.word_ranks.at + word);
            TM_PREFETCH(run_.word_bits.at + word);
        }
        for (i64 kind = 0; kind < distinct; ++kind) {
            std::vector<u32> letters(written_.begin() + starts_[kind], written_.begin() + starts_[kind] + sizes_[kind]);
            i64 number = -1;
            for (i64 at = place[kind]; number < 0 && at < count && run_.word_digests[at] == digests_[kind]; ++at)
                if (is_word(letters, run_.digest_words[at])) number = run_.digest_words[at];
            if (number >= 0) kind_of_[number] = u16(kind + 1);
            numbers_.push_back(number);
            bits_.push_back(number < 0 ? bag(letters) : run_.word_bits[number]);
        }
    }

    bool is_word(const std::vector<u32>& letters, i64 word) const {
        if (word >= run_.words || run_.word_size(word) != i64(letters.size())) return false;
        for (size_t place = 0; place < letters.size(); ++place) {
            u16 code = run_.letter(run_.word_letters, run_.word_rows[word] + i64(place));
            if (code >= run_.alphabet.count || run_.alphabet[code] != letters[place]) return false;
        }
        return true;
    }

    std::vector<u64> elements_;
    std::vector<i64> ranks_, floors_, least_, again_, found_at_;
    u64 mine_[WIDTHS << (WIDTHS - 1)] = {};
};

}  // namespace memory_index
