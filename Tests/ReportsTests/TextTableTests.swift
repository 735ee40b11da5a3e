import Testing

@testable import Reports

@Suite("Text tables")
struct TextTableTests {
    @Test("Columns are aligned, numbers to the right, without spaces at the ends")
    func layout() {
        var table = TextTable(["what", "n", "accuracy", "note"])
        table.append(["zoo", "100", "96.17 ± 0.27", ""])
        table.append(["generated", "9", "-", "short"])
        table.append(["fresh"])
        #expect(
            table.text == """
                what         n      accuracy  note
                ---------  ---  ------------  -----
                zoo        100  96.17 ± 0.27
                generated    9             -  short
                fresh

                """)
    }

    @Test("One word keeps a column to the left; cells beyond the head are dropped")
    func words() {
        var table = TextTable(["a"])
        table.append(["12", "dropped"])
        table.append(["many"])
        #expect(table.text == "a\n----\n12\nmany\n")
        #expect(TextTable(["a", "b"]).text == "a  b\n-  -\n")
    }
}
