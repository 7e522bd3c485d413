using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The process-wide random generator of the CPU. Seeding it seeds every device's, as libtorch does.</summary>
    public sealed class Generator : IDisposable
    {
        private Generator() { }

        public static Generator Default { get; } = new();

        public Tensor get_state() => get_rng_state();
        public void set_state(Tensor value) => set_rng_state(value);

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.sg_manual_seed(seed), "manual_seed");
            return this;
        }

        public long initial_seed()
        {
            Native.Check(Native.sg_initial_seed(out var seed), "initial_seed");
            return seed;
        }

        public void Dispose() { }
    }

    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);
    public static long initial_seed() => Generator.Default.initial_seed();

    public static Tensor get_rng_state()
    {
        Native.Check(Native.sg_rng_state(0, out var state), "get_rng_state");
        return new Tensor(state);
    }

    public static void set_rng_state(Tensor new_state)
    {
        Native.Check(Native.sg_set_rng_state(0, new_state.Handle), "set_rng_state");
        GC.KeepAlive(new_state);
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long initial_seed() => torch.initial_seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
