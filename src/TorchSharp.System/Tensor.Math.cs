using TorchSharp.Interop;

namespace TorchSharp;

public enum RoundingMode { None, trunc, floor }

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op
            AddTensor = new("add", "Tensor"), AddScalar = new("add", "Scalar"),
            AddTensor_ = new("add_", "Tensor"), AddScalar_ = new("add_", "Scalar"),
            SubTensor = new("sub", "Tensor"), SubScalar = new("sub", "Scalar"), SubTensor_ = new("sub_", "Tensor"), SubScalar_ = new("sub_", "Scalar"),
            MulTensor = new("mul", "Tensor"), MulScalar = new("mul", "Scalar"), MulTensor_ = new("mul_", "Tensor"), MulScalar_ = new("mul_", "Scalar"),
            DivTensor = new("div", "Tensor"), DivScalar = new("div", "Scalar"), DivTensor_ = new("div_", "Tensor"), DivScalar_ = new("div_", "Scalar"),
            DivTensorMode = new("div", "Tensor_mode"), DivScalarMode = new("div", "Scalar_mode"), DivTensorMode_ = new("div_", "Tensor_mode"),
            DivScalarMode_ = new("div_", "Scalar_mode"),
            PowScalar = new("pow", "Tensor_Scalar"), PowTensor = new("pow", "Tensor_Tensor"), PowScalar_ = new("pow_", "Scalar"),
            NegOp = new("neg"), AbsOp = new("abs"), ExpOp = new("exp"), LogOp = new("log"), Log10Op = new("log10"), SqrtOp = new("sqrt"),
            RsqrtOp = new("rsqrt"), SquareOp = new("square"), SigmoidOp = new("sigmoid"), TanhOp = new("tanh"), ReluOp = new("relu"),
            CosOp = new("cos"), SinOp = new("sin"), Atan2Op = new("atan2"), AngleOp = new("angle"), ConjOp = new("conj"),
            ClampOp = new("clamp"), ClampTensorOp = new("clamp", "Tensor"), ClampOp_ = new("clamp_"), ClampMinOp = new("clamp_min"),
            AddcmulOp = new("addcmul"), AddcmulOp_ = new("addcmul_"), AddcdivOp = new("addcdiv"), AddcdivOp_ = new("addcdiv_"),
            LerpOp = new("lerp", "Tensor"), MatmulOp = new("matmul"), MmOp = new("mm"), BmmOp = new("bmm"),
            SoftmaxOp = new("softmax", "int"), LogSoftmaxOp = new("log_softmax", "int"),
            EqTensor = new("eq", "Tensor"), EqScalar = new("eq", "Scalar"), NeTensor = new("ne", "Tensor"), NeScalar = new("ne", "Scalar"),
            LtTensor = new("lt", "Tensor"), LtScalar = new("lt", "Scalar"), LeTensor = new("le", "Tensor"), LeScalar = new("le", "Scalar"),
            GtTensor = new("gt", "Tensor"), GtScalar = new("gt", "Scalar"), GeTensor = new("ge", "Tensor"), GeScalar = new("ge", "Scalar"),
            IsNanOp = new("isnan"), IsInfOp = new("isinf"), IsFiniteOp = new("isfinite"),
            FillOp_ = new("fill_", "Scalar"), ZeroOp_ = new("zero_"), CopyOp_ = new("copy_"),
            MaskedFill = new("masked_fill", "Scalar"), MaskedFill_ = new("masked_fill_", "Scalar"),
            NormalOp_ = new("normal_"), UniformOp_ = new("uniform_"), CumsumOp = new("cumsum");

        private Tensor Here(Op op, params ReadOnlySpan<Arg> args)
        {
            op.Run(args);
            return this;
        }

        public Tensor add(Tensor target) => AddTensor.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => AddScalar.Call(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => AddScalar.Call(this, scalar, alpha);
        public Tensor add_(Tensor target) => Here(AddTensor_, this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Here(AddTensor_, this, target, alpha);
        public Tensor add_(Scalar scalar) => Here(AddScalar_, this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Here(AddScalar_, this, scalar, alpha);
        public Tensor sub(Tensor target) => SubTensor.Call(this, target);
        public Tensor sub(Scalar target) => SubScalar.Call(this, target);
        public Tensor sub_(Tensor target) => Here(SubTensor_, this, target);
        public Tensor sub_(Scalar target) => Here(SubScalar_, this, target);
        public Tensor mul(Tensor target) => MulTensor.Call(this, target);
        public Tensor mul(Scalar target) => MulScalar.Call(this, target);
        public Tensor mul_(Tensor target) => Here(MulTensor_, this, target);
        public Tensor mul_(Scalar target) => Here(MulScalar_, this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? DivTensor.Call(this, target) : DivTensorMode.Call(this, target, rounding_mode.ToString());
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? DivScalar.Call(this, target) : DivScalarMode.Call(this, target, rounding_mode.ToString());
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Here(DivTensor_, this, target) : Here(DivTensorMode_, this, target, rounding_mode.ToString());
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Here(DivScalar_, this, target) : Here(DivScalarMode_, this, target, rounding_mode.ToString());
        public Tensor pow(Tensor exponent) => PowTensor.Call(this, exponent);
        public Tensor pow(Scalar exponent) => PowScalar.Call(this, exponent);
        public Tensor pow_(Scalar exponent) => Here(PowScalar_, this, exponent);
        public Tensor neg() => NegOp.Call(this);
        public Tensor abs() => AbsOp.Call(this);
        public Tensor exp() => ExpOp.Call(this);
        public Tensor log() => LogOp.Call(this);
        public Tensor log10() => Log10Op.Call(this);
        public Tensor sqrt() => SqrtOp.Call(this);
        public Tensor rsqrt() => RsqrtOp.Call(this);
        public Tensor square() => SquareOp.Call(this);
        public Tensor sigmoid() => SigmoidOp.Call(this);
        public Tensor tanh() => TanhOp.Call(this);
        public Tensor relu() => ReluOp.Call(this);
        public Tensor cos() => CosOp.Call(this);
        public Tensor sin() => SinOp.Call(this);
        public Tensor atan2(Tensor other) => Atan2Op.Call(this, other);
        public Tensor angle() => AngleOp.Call(this);
        public Tensor conj() => ConjOp.Call(this);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => ClampOp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => ClampTensorOp.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Here(ClampOp_, this, min, max);
        public Tensor clamp_min(Scalar min) => ClampMinOp.Call(this, min);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => AddcmulOp.Call(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Here(AddcmulOp_, this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => AddcdivOp.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Here(AddcdivOp_, this, tensor1, tensor2, value);
        public Tensor lerp(Tensor end, Tensor weight) => LerpOp.Call(this, end, weight);
        public Tensor matmul(Tensor target) => MatmulOp.Call(this, target);
        public Tensor mm(Tensor target) => MmOp.Call(this, target);
        public Tensor bmm(Tensor batch2) => BmmOp.Call(this, batch2);
        public Tensor softmax(long dim, ScalarType? dtype = null) => SoftmaxOp.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => LogSoftmaxOp.Call(this, dim, dtype);
        public Tensor cumsum(long dim, ScalarType? type = null) => CumsumOp.Call(this, dim, type);

        public Tensor eq(Tensor target) => EqTensor.Call(this, target);
        public Tensor eq(Scalar target) => EqScalar.Call(this, target);
        public Tensor ne(Tensor target) => NeTensor.Call(this, target);
        public Tensor ne(Scalar target) => NeScalar.Call(this, target);
        public Tensor lt(Tensor target) => LtTensor.Call(this, target);
        public Tensor lt(Scalar target) => LtScalar.Call(this, target);
        public Tensor le(Tensor target) => LeTensor.Call(this, target);
        public Tensor le(Scalar target) => LeScalar.Call(this, target);
        public Tensor gt(Tensor target) => GtTensor.Call(this, target);
        public Tensor gt(Scalar target) => GtScalar.Call(this, target);
        public Tensor ge(Tensor target) => GeTensor.Call(this, target);
        public Tensor ge(Scalar target) => GeScalar.Call(this, target);
        public Tensor isnan() => IsNanOp.Call(this);
        public Tensor isinf() => IsInfOp.Call(this);
        public Tensor isfinite() => IsFiniteOp.Call(this);

        public Tensor fill_(Scalar value) => Here(FillOp_, this, value);
        public Tensor zero_() => Here(ZeroOp_, this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Here(CopyOp_, this, source, nonBlocking);
        public Tensor masked_fill(Tensor mask, Scalar value) => MaskedFill.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Here(MaskedFill_, this, mask, value);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Here(NormalOp_, this, mean, std);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Here(UniformOp_, this, from, to);
    }
}
