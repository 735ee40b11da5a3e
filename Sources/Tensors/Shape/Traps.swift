import Foundation

// The standard library's `precondition` and `preconditionFailure`, but for their messages: those are printed in release
// builds too, where the standard ones end a process without a word. Same arguments, same exit status.
//
// They stand for the standard ones in every file that imports this module; a file that needs nothing else of it says
// `import func Tensors.precondition`.

/// Ends the process with a message on standard error unless `condition` holds.
@inlinable @inline(__always)
package func precondition(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = String(), file: StaticString = #file,
    line: UInt = #line
) {
    if !condition() { stop(message, file, line) }
}

/// Ends the process with a message on standard error.
package func preconditionFailure(
    _ message: @autoclosure () -> String = String(), file: StaticString = #file, line: UInt = #line
) -> Never {
    stop(message, file, line)
}

/// Out of line, so that a check that holds costs no more than its comparison.
@usableFromInline @inline(never)
func stop(_ message: () -> String, _ file: StaticString, _ line: UInt) -> Never {
    FileHandle.standardError.write(Data("\(file):\(line): \(message())\n".utf8))
    Swift.preconditionFailure()
}
