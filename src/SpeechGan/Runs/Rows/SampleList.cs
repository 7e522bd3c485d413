using System.Text.Json;

namespace SpeechGan.Runs.Rows;

/// <summary>Reads the samples of a step's line into cells; see <see cref="StepLine"/>.</summary>
internal static class SampleList
{
    private const int Lag = 6;
    private static readonly uint InputRequired = JsonFields.Bit(Lag) - 1;

    /// <summary>Adds the samples of the list that the reader stands on.</summary>
    public static bool TryAdd(ref Utf8JsonReader reader, StepPacker packer)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var sample = new SampleCells
            {
                Pesq = Number.Absent,
                Discriminator = Number.Absent,
                DiscriminatorOfClean = Number.Absent,
                Target = Number.Absent,
                Masked = -1,
                Input = -1,
            };
            if (!TryRead(ref reader, ref sample, packer))
                return false;

            packer.Add(sample);
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool TryRead(ref Utf8JsonReader reader, ref SampleCells sample, StepPacker packer)
    {
        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = StepFields.Sample.Find(ref reader, ref next, ref seen);
            reader.Read();
            var read = field switch
            {
                0 => JsonFields.Name(ref reader, packer.Names, out sample.Name),
                1 => JsonFields.Double(ref reader, out sample.Pesq),
                2 => JsonFields.Name(ref reader, packer.Names, out sample.Masked),
                3 => JsonFields.Double(ref reader, out sample.Discriminator),
                4 => JsonFields.Double(ref reader, out sample.DiscriminatorOfClean),
                5 => JsonFields.Double(ref reader, out sample.Target),
                6 => Start(ref reader, ref sample),
                7 => TryRead(ref reader, packer, out sample.Input),
                _ => field == JsonFields.Unknown && JsonFields.IsPlain(ref reader),
            };
            if (!read)
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject && (seen & JsonFields.Bit(0)) != 0;
    }

    private static bool Start(ref Utf8JsonReader reader, ref SampleCells sample)
    {
        var read = JsonFields.Int(ref reader, out var start);
        sample.Start = start;
        return read;
    }

    private static bool TryRead(ref Utf8JsonReader reader, StepPacker packer, out int place)
    {
        place = -1;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var input = new InputCells
        {
            Correlation = Number.Absent,
            Unshifted = Number.Absent,
            RangeGained = Number.Absent,
        };
        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = StepFields.Input.Find(ref reader, ref next, ref seen);
            reader.Read();
            if (!Read(field, ref reader, ref input))
                return false;
        }

        place = packer.Add(input);
        return reader.TokenType == JsonTokenType.EndObject && (seen & InputRequired) == InputRequired;
    }

    private static bool Read(int field, ref Utf8JsonReader reader, ref InputCells input)
    {
        switch (field)
        {
            case 0:
                return JsonFields.Double(ref reader, out input.CleanLevel);
            case 1:
                return JsonFields.Double(ref reader, out input.NoisyLevel);
            case 2:
                return JsonFields.Double(ref reader, out input.CleanMean);
            case 3:
                return JsonFields.Double(ref reader, out input.NoisyMean);
            case 4:
                return JsonFields.Double(ref reader, out input.CleanPeak);
            case 5:
                return JsonFields.Double(ref reader, out input.NoisyPeak);
            case Lag:
                var read = JsonFields.Int(ref reader, out var lag);
                input.Lag = lag;
                return read;
            case 7:
                return JsonFields.Double(ref reader, out input.Correlation);
            case 8:
                return JsonFields.Double(ref reader, out input.Unshifted);
            case 9:
                return JsonFields.Double(ref reader, out input.RangeGained);
            default:
                return field == JsonFields.Unknown && JsonFields.IsPlain(ref reader);
        }
    }
}
