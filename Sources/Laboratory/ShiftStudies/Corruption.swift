import Basics
import Foundation
import Tensors

/// What damages an image, by an amount from 0 to 1.
public enum Corruption: String, Codable, Sendable, CaseIterable {
    /// Normal noise on each pixel, of half the range at 1.
    case noise
    /// Each pixel becomes the mean of its neighbourhood, again and again: four times at 1.
    case blur
    /// A turn about the centre, by 60 degrees at 1.
    case rotation
    /// Pixels move towards their mean, nearly all the way at 1.
    case contrast
    /// A square is blanked out, of two thirds of a side at 1.
    case occlusion

    /// Images [n, side * side] of pixels from 0 to 1, damaged; image i depends on (seed, i) alone.
    func applied(to images: RawStudyRows, side: Int, amount: Double, seed: UInt64) -> RawStudyRows {
        let damaged = (0..<images.count).flatMap { index -> [Float] in
            let pixels = Array(images.values[index * images.width..<(index + 1) * images.width])
            var stream = RandomStream(seed: seed, purpose: "shift.corruption.\(rawValue)", index: UInt64(index))
            return image(pixels, side: side, amount: Float(amount), &stream)
        }
        return RawStudyRows(values: damaged, labels: images.labels, width: images.width)
    }

    private func image(_ pixels: [Float], side: Int, amount: Float, _ stream: inout RandomStream) -> [Float] {
        switch self {
        case .noise:
            let noise = stream.normal([pixels.count]).floats
            return zip(pixels, noise).map { min(max($0 + 0.5 * amount * $1, 0), 1) }
        case .blur:
            let passes = 4 * amount
            var blurred = pixels
            for pass in 0..<4 {
                let share = min(max(passes - Float(pass), 0), 1)
                guard share > 0 else { break }
                let next = Self.blurred(blurred, side: side)
                blurred = zip(blurred, next).map { $0 + share * ($1 - $0) }
            }
            return blurred
        case .rotation: return Self.turned(pixels, side: side, angle: Double(amount) * .pi / 3)
        case .contrast:
            let mean = pixels.reduce(0, +) / Float(pixels.count)
            return pixels.map { mean + ($0 - mean) * (1 - 0.95 * amount) }
        case .occlusion:
            let width = Int((Float(side) * amount * 2 / 3).rounded())
            let room = side - width + 1
            let (top, left) = (stream.integer(below: room), stream.integer(below: room))
            return pixels.enumerated().map { place, pixel in
                let isInside =
                    (top..<top + width).contains(place / side) && (left..<left + width).contains(place % side)
                return isInside ? 0 : pixel
            }
        }
    }

    private static func blurred(_ pixels: [Float], side: Int) -> [Float] {
        pixels.indices.map { place in
            let (row, column) = (place / side, place % side)
            let rows = max(row - 1, 0)...min(row + 1, side - 1)
            let columns = max(column - 1, 0)...min(column + 1, side - 1)
            let sum = rows.reduce(Float(0)) { total, y in columns.reduce(total) { $0 + pixels[y * side + $1] } }
            return sum / Float(rows.count * columns.count)
        }
    }

    /// Each pixel takes what lies where it came from, between four pixels; beyond the edge there is nothing.
    private static func turned(_ pixels: [Float], side: Int, angle: Double) -> [Float] {
        let middle = Double(side - 1) / 2
        func pixel(_ row: Int, _ column: Int) -> Double {
            (0..<side).contains(row) && (0..<side).contains(column) ? Double(pixels[row * side + column]) : 0
        }
        return pixels.indices.map { place in
            let (y, x) = (Double(place / side) - middle, Double(place % side) - middle)
            let (row, column) = (cos(angle) * y + sin(angle) * x + middle, cos(angle) * x - sin(angle) * y + middle)
            let (top, left) = (row.rounded(.down), column.rounded(.down))
            let (down, across) = (row - top, column - left)
            let (i, j) = (Int(top), Int(left))
            let upper = pixel(i, j) * (1 - across) + pixel(i, j + 1) * across
            let lower = pixel(i + 1, j) * (1 - across) + pixel(i + 1, j + 1) * across
            return Float(upper * (1 - down) + lower * down)
        }
    }
}
