using System.Globalization;
using System.Text;

namespace SpeechGan.Goldens;

/// <summary>Two trajectories of one value as text: <c>*</c> expected, <c>o</c> received, <c>@</c> both in one place; an epoch a
/// column.</summary>
public static class TrajectoryChart
{
    private const int Height = 8;
    private const int Widest = 66;

    /// <summary>What stands for the approved trajectory, the received one, and both.</summary>
    public const char Expected = '*',
        Received = 'o',
        Both = '@';

    /// <summary>Draws it.</summary>
    /// <param name="name">Value's name.</param>
    /// <param name="epochs">Epochs, in order.</param>
    /// <param name="expected">Approved value of each epoch; null where there is none.</param>
    /// <param name="received">Received value of each epoch; null where there is none.</param>
    /// <returns>Lines without blanks at their ends; only the heading where no epoch has a value.</returns>
    public static IReadOnlyList<string> Draw(
        string name,
        IReadOnlyList<int> epochs,
        IReadOnlyList<double?> expected,
        IReadOnlyList<double?> received
    )
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(received);
        // Where there are more epochs than columns, every so many is drawn; the last one always.
        var every = Math.Max(1, (epochs.Count + (Widest / 2) - 1) / (Widest / 2));
        int[] drawn = [.. Enumerable.Range(0, epochs.Count).Where(i => (epochs.Count - 1 - i) % every == 0)];
        double[] values = [.. drawn.SelectMany(i => new[] { expected[i], received[i] }).OfType<double>().Where(double.IsFinite)];
        if (values.Length == 0)
            return [$"{name}: no value in any epoch"];

        double low = values.Min(),
            high = values.Max();
        var column = Math.Clamp(Widest / drawn.Length, 2, 8);
        var canvas = Enumerable.Range(0, Height).Select(_ => new StringBuilder(new string(' ', column * drawn.Length))).ToArray();
        for (var c = 0; c < drawn.Length; c++)
        {
            Put(expected[drawn[c]], c, Expected);
            Put(received[drawn[c]], c, Received);
        }

        var labels = Enumerable
            .Range(0, Height)
            .Select(r =>
                r == 0 ? Number(high)
                : r == Height - 1 && high > low ? Number(low)
                : ""
            )
            .ToArray();
        var margin = labels.Max(l => l.Length);
        return
        [
            $"{name} ({Expected} expected, {Received} received, {Both} both)",
            .. Enumerable.Range(0, Height).Select(r => $"{labels[r].PadLeft(margin)} |{canvas[r]}".TrimEnd()),
            $"{new string(' ', margin)} +{new string('-', column * drawn.Length)}",
            $"{new string(' ', margin)}  {string.Concat(drawn.Select((i, c) => Label(i, c).PadRight(column)))}".TrimEnd(),
        ];

        void Put(double? value, int c, char mark)
        {
            if (value is { } number && double.IsFinite(number))
            {
                var row = high > low ? (int)Math.Round((high - number) / (high - low) * (Height - 1)) : 0;
                var place = c * column;
                canvas[row][place] = canvas[row][place] == ' ' ? mark : Both;
            }
        }

        // Narrow columns have no room for every number.
        string Label(int i, int c) => column > 3 || c % 5 == 0 ? epochs[i].ToString(CultureInfo.InvariantCulture) : "";
    }

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);
}
