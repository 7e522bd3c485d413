using System.Text.Json;

namespace SpeechGan.Runs.Rows;

/// <summary>
/// Reads a line of <c>steps.jsonl</c> straight into cells, a hundred times as fast as objects are made of it. It takes lines as the program
/// writes them; whatever is odd in one (an unknown object, null, a field that comes twice or lacks) is left to the deserialiser, which
/// alone says what is no step.
/// </summary>
internal static class StepLine
{
    private static readonly JsonFields Seconds = new("data", "forward", "backward", "pesq", "discriminator", "collectives", "total");
    private static readonly uint Required = JsonFields.Bit(0) | JsonFields.Bit(1) | JsonFields.Bit(3);
    private static readonly uint UpdateRequired = JsonFields.Bit(2) | JsonFields.Bit(5);

    /// <summary>Adds the step of a line.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="offset">Where it stands.</param>
    /// <param name="packer">Takes the step.</param>
    /// <returns>Whether it was added; nothing is where it was not.</returns>
    public static bool TryAdd(ReadOnlySpan<byte> line, long offset, StepPacker packer)
    {
        var cells = packer.Begin();
        (cells.Offset, cells.Length) = (offset, line.Length);
        try
        {
            var reader = new Utf8JsonReader(line);
            if (reader.Read() && TryRead(ref reader, ref cells, packer) && !reader.Read())
            {
                packer.End(cells);
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or no text: the deserialiser says what it is.
        }

        packer.TakeBack();
        return false;
    }

    private static bool TryRead(ref Utf8JsonReader reader, ref StepCells cells, StepPacker packer)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = StepFields.Step.Find(ref reader, ref next, ref seen);
            reader.Read();
            if (!Field(field, ref reader, ref cells, packer))
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject && (seen & Required) == Required;
    }

    private static bool Field(int field, ref Utf8JsonReader reader, ref StepCells cells, StepPacker packer)
    {
        Span<double> numbers = cells.Numbers;
        switch (field)
        {
            case 0:
                return JsonFields.Int(ref reader, out cells.Epoch);
            case 1:
                return JsonFields.Long(ref reader, out cells.Step);
            case 2:
                return Set(JsonFields.Int(ref reader, out var batch), batch, ref cells.Batch);
            case 3:
                return StepFields.Loss.Numbers(ref reader, numbers[(int)StepNumber.LossRi..]);
            case 4:
                return JsonFields.Double(ref reader, out numbers[(int)StepNumber.DiscriminatorLoss]);
            case 5:
                cells.Flags |= StepFlags.GradientNorm;
                return StepFields.Norms.Numbers(ref reader, numbers[(int)StepNumber.GradientRi..]);
            case 6:
                return Set(JsonFields.Int(ref reader, out var count), count, ref cells.SampleCount);
            case 7:
                return JsonFields.Int(ref reader, out cells.Scored);
            case 8:
                return Masked(ref reader, packer);
            case 9:
                return Set(JsonFields.Bool(ref reader, out var stepped), stepped, ref cells.Stepped);
            case 10:
                cells.Flags |= StepFlags.GeneratorUpdate;
                return Updated(
                    ref reader,
                    numbers[(int)StepNumber.GeneratorNorm..],
                    ref cells.GeneratorParameters,
                    ref cells.GeneratorStill,
                    ref cells.GeneratorChanged
                );
            case 11:
                cells.Flags |= StepFlags.DiscriminatorUpdate;
                return Updated(
                    ref reader,
                    numbers[(int)StepNumber.DiscriminatorNorm..],
                    ref cells.DiscriminatorParameters,
                    ref cells.DiscriminatorStill,
                    ref cells.DiscriminatorChanged
                );
            case 12:
                cells.Flags |= StepFlags.Samples;
                return SampleList.TryAdd(ref reader, packer);
            case 13:
                return JsonFields.Long(ref reader, out _);
            case 14:
                var told = JsonFields.Texts(ref reader, "scores"u8, out var scores, out _);
                cells.Flags |= scores ? StepFlags.ScoresUnavailable : 0;
                return told;
            case 15:
                var placed = JsonFields.Texts(ref reader, default, out _, out var sources);
                cells.Flags |= sources > 0 ? StepFlags.Sources : 0;
                return placed;
            case 16:
                return Seconds.AreNumbers(ref reader);
            default:
                return field == JsonFields.Unknown && JsonFields.IsPlain(ref reader);
        }
    }

    private static bool Set<T>(bool read, T value, ref T? field)
        where T : struct
    {
        field = read ? value : field;
        return read;
    }

    private static bool Updated(
        ref Utf8JsonReader reader,
        scoped Span<double> normAndRate,
        ref long parameters,
        ref int still,
        ref bool? changed
    )
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = StepFields.Update.Find(ref reader, ref next, ref seen);
            reader.Read();
            var read = field switch
            {
                0 or 1 => JsonFields.Double(ref reader, out normAndRate[field]),
                2 => JsonFields.Long(ref reader, out parameters),
                3 => JsonFields.Int(ref reader, out still),
                4 => Set(JsonFields.Bool(ref reader, out var value), value, ref changed),
                5 => JsonFields.IsText(ref reader),
                _ => field == JsonFields.Unknown && JsonFields.IsPlain(ref reader),
            };
            if (!read)
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject && (seen & UpdateRequired) == UpdateRequired;
    }

    // The writer has the reasons in ordinal order; any other order, or one that comes twice, is the deserialiser's.
    private static bool Masked(ref Utf8JsonReader reader, StepPacker packer)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        string? before = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (
                !JsonFields.Name(ref reader, packer.Names, out var reason)
                || string.CompareOrdinal(before, packer.Names[reason]) >= 0
                || !reader.Read()
                || !JsonFields.Int(ref reader, out var count)
            )
                return false;

            before = packer.Names[reason];
            packer.Add(new MaskedCells { Reason = reason, Count = count });
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }
}
